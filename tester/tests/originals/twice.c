float *twice(int n, float *y) {
    for (int i = 0; i < n; i++) y[i] = 2 * y[i];
    return n > 3 ? y + n : y;
}
