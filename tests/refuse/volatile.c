volatile int ready;

void store(int n, int *a) {
    for (int i = 0; i < n; i++) //~ volatile: touches the volatile object ready
        a[i] = ready;
}
