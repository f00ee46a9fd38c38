void add(int n, const float *x, const float *bias, float *y) {
    for (int i = 0; i < n; i++) y[i] = bias ? x[i] + bias[i] : x[i];
}
