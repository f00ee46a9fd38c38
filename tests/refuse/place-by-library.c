// mupac: --check=off
// Where the best value is, of those which functions of the library say that count: two kernels ask for that, and what a function
// is made of where it is called is up to the compiler.
#include <math.h>

void condition(int n, const float *restrict f, const float *restrict g, const int *restrict a, int *restrict at) {
    int best = -1, found = -1;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 reads best, which i = 0 wrote
        if (expf(f[i]) - g[i] > 0 && (a[i] & 1023) > best) {
            best = a[i] & 1023;
            found = i;
        }
    at[0] = found;
}

void value(int n, const float *restrict f, const float *restrict g, const int *restrict a, int *restrict at) {
    int best = -1, found = -1;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads best, which i = 0 wrote
        int v = 0;
        if (expf(f[i]) - g[i] > 0)
            v = a[i] & 1023;
        if (v > best) {
            best = v;
            found = i;
        }
    }
    at[0] = found;
}
