#include <stddef.h>

// Sizes of 64 bits: the product of two of them has a guard, since it may be more than any integer holds.
void rows(size_t m, size_t n, const double *a, double *sum) {
    for (size_t i = 0; i < m; i++) {
        double s = 0.0;
        for (size_t j = 0; j < n; j++)
            s += a[i * n + j];
        sum[i] = s;
    }
}

void transpose(size_t m, size_t n, const float *a, float *b) {
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            b[j * m + i] = a[i * n + j];
}

void multiply(size_t l, size_t m, size_t n, const float *a, const float *b, float *c) {
    for (size_t i = 0; i < l; i++)
        for (size_t j = 0; j < n; j++) {
            float s = 0.0f;
            for (size_t k = 0; k < m; k++)
                s += a[i * m + k] * b[k * n + j];
            c[i * n + j] = s;
        }
}

// Three sizes of 64 bits multiply to more than 128 bits hold.
void scale(size_t l, size_t m, size_t n, float by, float *a) {
    for (size_t i = 0; i < l; i++)
        for (size_t j = 0; j < m; j++)
            for (size_t k = 0; k < n; k++)
                a[(i * m + j) * n + k] *= by;
}
