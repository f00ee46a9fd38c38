// mupac: --cpu-threshold 100
/* The host runs over the iterations first: in the second loop only where the condition lets it read. */
void gather(int n, double *y, const double *x, const int *index) {
    for (int i = 0; i < n; i++)
        y[i] = x[index[i]];
}

void guarded(int n, int m, float *y, const float *x, const long *index) {
    for (int i = 0; i < n; i++) {
        long k = index[i];
        if (k >= 0 && k < m && x[k] > 0.0f)
            y[i] = x[k];
    }
}

void two_levels(int n, float *y, const float *x, const int *p, const unsigned char *q) {
    for (int i = 0; i < n; i++)
        y[i] = x[p[q[i]]];
}
