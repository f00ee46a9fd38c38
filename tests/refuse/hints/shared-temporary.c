#include <math.h>

double part[2];

void distances(int n, double a, double b, const double *restrict x, const double *restrict y, double *restrict d) {
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes part first
        //? declare it inside of the loop
        part[0] = x[i] - a;
        part[1] = y[i] - b;
        d[i] = sqrt(part[0] * part[0] + part[1] * part[1]);
    }
}
//// as the hint says
#include <math.h>

void distances(int n, double a, double b, const double *restrict x, const double *restrict y, double *restrict d) {
    for (int i = 0; i < n; i++) { //~ kernel
        double part[2];
        part[0] = x[i] - a;
        part[1] = y[i] - b;
        d[i] = sqrt(part[0] * part[0] + part[1] * part[1]);
    }
}
