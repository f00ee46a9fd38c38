/* A callee that adds to a variable of the file, and one that stores through a pointer to a local. */
long total;

static int seen(int value) {
    total += value;
    return value & 7;
}

static void extremes(float a, float b, float *low, float *high) {
    *low = a < b ? a : b;
    *high = a < b ? b : a;
}

void count(int n, const int *x, int *y) {
    for (int i = 0; i < n; i++) y[i] = seen(x[i]);
}

void spread(int n, const float *a, const float *b, float *c) {
    for (int i = 0; i < n; i++) {
        float low, high;
        extremes(a[i], b[i], &low, &high);
        c[i] = high - low;
    }
}
