// mupac: --cpu-threshold auto
/* What the caller says of the distance from element to element is not the size of a vector. */
void axpy(int n, float alpha, const float *x, int incx, float *y, int incy) {
    for (int i = 0; i < n; i++) y[i * incy] += alpha * x[i * incx];
}

/* A distance from row to row stays a size. */
void add_rows(int n, int m, int pitch, double *a, const double *b) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) a[i * pitch + j] += b[i * pitch + j];
}
