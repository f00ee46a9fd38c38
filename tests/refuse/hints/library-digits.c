// mupac: --fp=strict
#include <math.h>

void waves(int n, double *a) {
    for (int i = 0; i < n; i++) //~ library-digits: calls sin
        //? --fp=reassoc
        a[i] = sin(a[i]);
}
//// as the hint says
// mupac: --fp=reassoc
#include <math.h>

void waves(int n, double *a) {
    for (int i = 0; i < n; i++) //~ kernel
        a[i] = sin(a[i]);
}
