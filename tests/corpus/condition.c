/* A condition on data decides whether an element is written. */
void clamp(int n, int *a) {
    for (int i = 0; i < n; i++)
        if (a[i] < 0)
            a[i] = 0;
}
