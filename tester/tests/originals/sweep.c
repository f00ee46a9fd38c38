void sweep(int n, int m, int k, float *x) {
    for (int a = 0; a < n; a++)
        for (int b = 0; b < m; b++)
            for (int i = 0; i < k; i++) x[i] = 0.5f * x[i] + 1;
}
