void filter(int n, float *a, const float *b) {
    for (int i = 1; i < n; i++) //~ carried-dependence: i = 2 reads a[1], which i = 1 wrote
        a[i] = 0.5f * a[i - 1] + b[i];
}
