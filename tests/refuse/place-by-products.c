// mupac: --check=off
// Where the best value is, of those whose products of floating-point numbers say that they count: of two kernels that ask for
// that, one might round between a product and a sum and the other one not.

void condition(int n, const float *restrict f, const float *restrict g, const int *restrict a, int *restrict at) {
    int best = -1, found = -1;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 reads best, which i = 0 wrote
        if (f[i] * g[i] - 1 > 0 && (a[i] & 1023) > best) {
            best = a[i] & 1023;
            found = i;
        }
    at[0] = found;
}

void value(int n, const float *restrict f, const float *restrict g, const int *restrict a, int *restrict at) {
    int best = -1, found = -1;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads best, which i = 0 wrote
        int v = 0;
        if (f[i] * g[i] - 1 > 0)
            v = a[i] & 1023;
        if (v > best) {
            best = v;
            found = i;
        }
    }
    at[0] = found;
}
