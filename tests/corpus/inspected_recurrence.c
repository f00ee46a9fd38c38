// An inner loop computes a subscript step by step, so that an inspection would have to take all of its steps.
// mupac: --cpu-threshold 100
void scatter(int n, const int *index, double *restrict y, const double *restrict x) {
    for (int i = 0; i < n; i++) {
        int k = index[i];
        for (int step = 0; step < 2; step++)
            if (k >= n)
                k -= n;
        y[k] = x[i];
    }
}
void gather(int n, const double *restrict y, double *restrict x) {
    for (int i = 0; i < n; i++)
        x[i] = y[n - 1 - i];
}
