// mupac: --line-directives
// mupac: --cpu-threshold 0
// Every statement names its line of the original, for debuggers.
#include <stdio.h>

#define HERE() printf("%s:%d\n", __FILE__, __LINE__)

void twice(int n, double *a) {
    for (int i = 0; i < n; i++)
        a[i] *= 2;
    if (n < 0)
        HERE();
}

int fill(int n, double *a) {
    for (int i = 0; i < n; i++)
        a[i] = i;
    return __LINE__;
}
