// mupac: --cpu-threshold 0
// Bits that a mask leaves say which cells are red and which are black, and where rows of a power of two start.
void red_and_black(double p[130][130], int colour) {
    for (int j = 1; j < 129; j++)
        for (int i = 1; i < 129; i++) {
            if (((i + j) & 1) != colour) continue;
            p[j][i] = 0.25 * (p[j][i - 1] + p[j][i + 1] + p[j - 1][i] + p[j + 1][i]);
        }
}

void wrapped(const double *a, double *b) {
    for (int i = 0; i < 256; i++) b[i] = a[(i - 1) & 255] + a[(i + 1) & 255];
}

void first_of_eight(const float *a, float *b, int n) {
    for (int i = 0; i < n; i++) b[i] = a[i] - a[i & ~7];
}
