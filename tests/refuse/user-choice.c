// mupac: --no-parallel
void fill(int n, float *a) {
    for (int i = 0; i < n; i++) //~ user-choice: --no-parallel keeps it on the host
        a[i] = i;
}
