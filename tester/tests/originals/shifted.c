void shifted(int n, float *y, const float *x) {
    for (int i = 0; i < n; i++)
        y[i] = x[i - 3] + 1.0f;
}
