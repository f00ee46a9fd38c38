#include <stdio.h>
#include <stdlib.h>
#include <math.h>

double dot(const double *a, const double *b, int n) {
    double s = 0.0;
    for (int i = 0; i < n; i++) s += a[i] * b[i];
    return s;
}

void matvec(const double *A, const double *x, double *y, int n) {
    for (int i = 0; i < n; i++) {
        y[i] = 0.0;
        for (int j = 0; j < n; j++)
            y[i] += A[i * n + j] * x[j];
    }
}

void axpy(double a, const double *x, double *y, int n) {
    for (int i = 0; i < n; i++) y[i] += a * x[i];
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1000;
    double *A = malloc(sizeof(double) * n * n);
    double *b = malloc(sizeof(double) * n), *x = malloc(sizeof(double) * n);
    double *r = malloc(sizeof(double) * n), *p = malloc(sizeof(double) * n), *Ap = malloc(sizeof(double) * n);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++)
            A[i * n + j] = i == j ? n : 1.0 / (1 + abs(i - j));
        b[i] = 1.0;
        x[i] = 0.0;
    }
    for (int i = 0; i < n; i++) { r[i] = b[i]; p[i] = r[i]; }
    double rs = dot(r, r, n);
    int it;
    for (it = 0; it < 100; it++) {
        matvec(A, p, Ap, n);
        double alpha = rs / dot(p, Ap, n);
        axpy(alpha, p, x, n);
        axpy(-alpha, Ap, r, n);
        double rs_new = dot(r, r, n);
        if (sqrt(rs_new) < 1e-10) break;
        double beta = rs_new / rs;
        for (int i = 0; i < n; i++) p[i] = r[i] + beta * p[i];
        rs = rs_new;
    }
    printf("%d iterations, x[0] = %f\n", it, x[0]);
    return 0;
}
