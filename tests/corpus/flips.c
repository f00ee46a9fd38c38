// mupac: --cpu-threshold 0
// Rows that are gone through from their ends: a subscript that counts down from the start of a row is in the row before.

void mirror(const unsigned char *restrict in, unsigned char *restrict out, int w, int h) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) out[y * w + (w - 1 - x)] = in[y * w + x];
}

void upside_down(const unsigned char *restrict in, unsigned char *restrict out, int w, int h) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) out[(h - 1 - y) * w + w - 1 - x] = in[y * w + x];
}

void quarter_turn(const int *restrict in, int *restrict out, int w, int h) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) out[x * h + (h - 1 - y)] = in[y * w + x];
}

// In place: the halves of a row do not meet.
void swap_sides(float *a, int w, int h) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w / 2; x++) {
            float t = a[y * w + x];
            a[y * w + x] = a[y * w + w - 1 - x];
            a[y * w + w - 1 - x] = t;
        }
}

// Here they do: no element keeps its value for a later iteration.
void smear_sides(float *a, int w, int h) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) a[y * w + w - 1 - x] = a[y * w + x] + 1;
}

void turn_block(const double *restrict a, double *restrict b, int n, int m, int k) {
    for (int z = 0; z < n; z++)
        for (int y = 0; y < m; y++)
            for (int x = 0; x < k; x++)
                b[((n - 1 - z) * m + (m - 1 - y)) * k + (k - 1 - x)] = a[(z * m + y) * k + x];
}

// One column too far: the last element of a row is the first one of the next.
void one_too_far(const int *restrict a, int *restrict b, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= m; j++) b[i * m + m - j] = a[i] + j;
}

// A window that is laid over a row backwards.
void convolve(const float *restrict a, const float *restrict g, float *restrict b, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 4; j < m; j++) {
            float s = 0;
            for (int k = 0; k < 5; k++) s += g[4 - k] * a[i * m + j - k];
            b[i * m + j] = s;
        }
}
