#include <math.h>

void mark(int n, const double *a, int *s) {
    for (int i = 0; i < n; i++) //~ unsupported: a call of __builtin_isnormal is not supported
        s[i] = isnormal(a[i]) ? 1 : 0;
}
