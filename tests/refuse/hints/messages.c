#include <stdio.h>

void divide(int n, const double *restrict a, const double *restrict b, double *restrict c) {
    for (int i = 0; i < n; i++) { //~ side-effect: calls fprintf
        //? compute in one loop, print in another
        if (b[i] == 0)
            fprintf(stderr, "zero at %d\n", i);
        c[i] = a[i] / b[i];
    }
}
//// as the hint says
// mupac: --unchecked=keep
#include <stdio.h>

void divide(int n, const double *restrict a, const double *restrict b, double *restrict c) {
    for (int i = 0; i < n; i++) //~ kernel
        c[i] = a[i] / b[i];
    for (int i = 0; i < n; i++)
        if (b[i] == 0)
            fprintf(stderr, "zero at %d\n", i);
}
