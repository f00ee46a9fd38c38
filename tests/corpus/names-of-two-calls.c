// A helper called twice in a time loop declares its locals twice.
// mupac: --cpu-threshold 100
static double dot(int n, const double *a, const double *b) {
    double s = 0;
    for (int i = 0; i < n; i++)
        s += a[i] * b[i];
    return s;
}
void descend(int n, int steps, double *x, double *r, double *p) {
    for (int step = 0; step < steps; step++) {
        double alpha = dot(n, r, r) / 1024, beta = dot(n, p, p) / 1024;
        for (int i = 0; i < n; i++) {
            x[i] += alpha * p[i];
            r[i] -= p[i] * 0.5;
            p[i] = r[i] + beta;
        }
    }
}
