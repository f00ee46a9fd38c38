#include <math.h>

double dx, dy;

void distances(int n, double a, double b, const double *restrict x, const double *restrict y, double *restrict d) {
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes dx and dy first
        //? declare them inside of the loop
        dx = x[i] - a;
        dy = y[i] - b;
        d[i] = sqrt(dx * dx + dy * dy);
    }
}
//// as the hint says
#include <math.h>

void distances(int n, double a, double b, const double *restrict x, const double *restrict y, double *restrict d) {
    for (int i = 0; i < n; i++) { //~ kernel
        double dx, dy;
        dx = x[i] - a;
        dy = y[i] - b;
        d[i] = sqrt(dx * dx + dy * dy);
    }
}
