/* The product of two matrices, added to a third; all by rows. */
void gemm(int ni, int nj, int nk, double alpha, double beta, double *c, const double *a, const double *b) {
    for (int i = 0; i < ni; i++)
        for (int j = 0; j < nj; j++) {
            double sum = beta * c[i * nj + j];
            for (int k = 0; k < nk; k++)
                sum += alpha * a[i * nk + k] * b[k * nj + j];
            c[i * nj + j] = sum;
        }
}
