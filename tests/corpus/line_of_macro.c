// The place of a macro that asks for it is that of the original; nothing else names lines.
// mupac: --cpu-threshold 0
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
