// mupac: --cpu-threshold auto
/* A launch takes longer than this, and so do the copies. */
void few(float *a, const float *b) {
    for (int i = 0; i < 100; i++) //~ unprofitable: predicted to take longer on the GPU: 3.7 us in kernels and 154 us for copies, against 82 ns on one core
        a[i] = 2 * b[i];
}

/* The array has so many elements, so no more iterations than these are asked for. */
static float table[100];
void as_many_as_there_are(int n, int from) {
    for (int i = 0; i < n; i++) //~ unprofitable: predicted to take longer on the GPU: 7.5 us in kernels and 84 us for copies, against 163 ns on one core
        table[i] *= 2;
    for (int i = from; i < from + n; i++) //~ unprofitable: predicted to take longer on the GPU: 7.5 us in kernels and 84 us for copies, against 163 ns on one core
        table[i] += 1;
}

/* The host would look at as many subscripts as the loop writes elements, whether two are the same. */
static int place[100000];
static float x[100000], y[100000];
void scatter(int n) {
    for (int i = 0; i < n; i++) //~ unprofitable: predicted to take longer on the GPU
        y[place[i]] = 2 * x[i];
}
