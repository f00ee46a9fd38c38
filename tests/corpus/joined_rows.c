// The target of a sum lies in rows of variable length, which the host subscripts as one row too.
// mupac: --cpu-threshold 100
void f(int m, int l, int i, int j, long (*c)[m], const short *a, const signed char (*b)[m]) {
    for (int k = 0; k < l; k++)
        c[i][j] += a[k] * b[k][j];
}
