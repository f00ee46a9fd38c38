// mupac: --cpu-threshold=auto
void spread(int n, const int *restrict at, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) //~ unprofitable: predicted to take longer on the GPU
        //? looking at subscripts in memory takes longest
        y[at[i]] = x[i];
}
//// as the hint says
// mupac: --cpu-threshold=auto
void spread(int n, const int *restrict at, const double *restrict x, double *restrict y) {
    for (int t = 0; t < 100; t++)
        for (int i = 0; i < n; i++) //~ kernel
            y[at[i]] = x[i] * t;
}
