// mupac: --cpu-threshold 100
/* Elements that different iterations write must be different ones, unless all of them store one value. */
void place(int n, double *a, const double *b, const int *p) {
    for (int i = 0; i < n; i++)
        a[p[i]] = 0.5 * a[p[i]] + b[i];
}

void runs(int n, const int *in, int *out) {
    int i;
    for (i = 0; i + 1 < n; i++)
        if (in[i] + 1 == in[i + 1])
            out[in[i]] = i;
}

void mark(int n, int value, int *flags, const unsigned *p) {
    for (int i = 0; i < n; i++)
        flags[p[i]] = value;
}

void rows(int n, float (*a)[8], const float *b, const short *p) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 8; j++)
            a[p[i]][j] = b[i] * j;
}
