/* x and y may overlap. */
void shift(int n, const float *x, float *y) {
    for (int i = 0; i < n; i++) y[i] = x[i] + 1.0f;
}
