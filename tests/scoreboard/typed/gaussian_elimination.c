#include <math.h>
#include <stdio.h>
#include <stdlib.h>
void solve(double *A, double *b, double *x, int n) {
    for (int k = 0; k < n; k++) {
        int piv = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(A[i * n + k]) > fabs(A[piv * n + k])) piv = i;
        if (piv != k) {
            for (int j = 0; j < n; j++) {
                double t = A[k * n + j];
                A[k * n + j] = A[piv * n + j];
                A[piv * n + j] = t;
            }
            double t = b[k];
            b[k] = b[piv];
            b[piv] = t;
        }
        for (int i = k + 1; i < n; i++) {
            double f = A[i * n + k] / A[k * n + k];
            for (int j = k; j < n; j++) A[i * n + j] -= f * A[k * n + j];
            b[i] -= f * b[k];
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        double s = b[i];
        for (int j = i + 1; j < n; j++) s -= A[i * n + j] * x[j];
        x[i] = s / A[i * n + i];
    }
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 500;
    double *A = malloc(n * n * sizeof(double)), *b = malloc(n * sizeof(double)),
           *x = malloc(n * sizeof(double));
    srand(3);
    for (int i = 0; i < n * n; i++) A[i] = rand() / (double)RAND_MAX;
    for (int i = 0; i < n; i++) b[i] = i;
    solve(A, b, x, n);
    printf("%.6f %.6f\n", x[0], x[n - 1]);
}
