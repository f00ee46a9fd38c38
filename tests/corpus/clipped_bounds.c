// mupac: --cpu-threshold 100
/* Bounds that are the lesser or the greater of two values. */
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

void common(int n, int m, float *a, const float *b) {
    for (int i = 0; i < MIN(n, m); i++)
        a[i] = b[i] + 1;
}

void window(int n, int r, float *a, const float *b) {
    for (int i = 0; i < n; i++) {
        int first = i < r ? 0 : i - r;
        int end = MIN(n, i + r + 1);
        float sum = 0;
        for (int j = first; j < end; j++)
            sum += b[j];
        a[i] = sum;
    }
}

void band(int n, int m, float *a) {
    for (int i = 0; i < n; i++)
        for (int j = MAX(0, i - 3); j < MIN(m, i + 4); j++)
            a[i * m + j] = 0;
}
