// mupac: --cpu-threshold auto
/* A launch takes longer than this, and so do the copies. */
void few(float *a, const float *b) {
    for (int i = 0; i < 100; i++) //~ unprofitable: predicted to take longer on the GPU: 4.2 us in kernels and 120 us for copies, against 185 ns on one core
        a[i] = 2 * b[i];
}

/* The array has so many elements, so no more iterations than these are asked for. */
static float table[100];
void as_many_as_there_are(int n, int from) {
    for (int i = 0; i < n; i++) //~ unprofitable: predicted to take longer on the GPU: 8.5 us in kernels and 70 us for copies, against 371 ns on one core
        table[i] *= 2;
    for (int i = from; i < from + n; i++) //~ unprofitable: predicted to take longer on the GPU: 8.5 us in kernels and 70 us for copies, against 371 ns on one core
        table[i] += 1;
}

/* The host would look at as many subscripts as the loop writes elements, whether two are the same. */
void scatter(int n, const int *place, const double *x, double *y) {
    for (int i = 0; i < n; i++) //~ unprofitable: predicted to take longer on the GPU: 14 us in kernels, 4.2 ms to look at subscripts before and 1.6 ms for copies, against 3.3 ms on one core
        y[place[i]] = 2 * x[i];
}
