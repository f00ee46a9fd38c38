/* Each block of 64 elements is reversed. */
void mirror(int n, const int *x, int *y) {
    for (int b = 0; b < n; b++)
        for (int i = 0; i < 64; i++) y[64 * b + i] = x[64 * b + 63 - i];
}
