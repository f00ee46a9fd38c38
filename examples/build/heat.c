#include "heat.h"

#include "rate.h"

void heat_step(int n, const double *u, double *v) {
    for (int i = 1; i < n - 1; i++)
        v[i] = u[i] + RATE * (u[i - 1] - 2 * u[i] + u[i + 1]);
}

double heat_total(int n, const double *u) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += u[i];
    return sum;
}
