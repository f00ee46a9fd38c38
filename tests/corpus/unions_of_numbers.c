/* Functions take bits by unions: such a variable is its integer, of which each other member is another reading. */
// mupac: --cpu-threshold 0
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef union {
    float f;
    int32_t i;
    uint32_t u;
} bits;

static float inverse_root(float x) {
    union { float f; int i; } v = {x};
    v.i = 0x5f3759df - (v.i >> 1);
    v.f *= 1.5f - 0.5f * x * v.f * v.f;
    return v.f;
}

void inverse_roots(float *x, int n) {
    for (int i = 0; i < n; i++) x[i] = inverse_root(x[i] * x[i] + 1);
}

int negative(const float *x, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) {
        bits b = {.u = 0};
        b.f = x[i];
        b.u >>= 31;
        count += b.i;
    }
    return count;
}

void mixed(double *x, const uint64_t *seeds, int n) {
    for (int i = 0; i < n; i++) {
        union { uint64_t u; double d; } one = {.d = 1.0};
        one.u |= seeds[i] >> 12;
        x[i] = one.d - 1;
    }
}

/* The loop that names it does not hold it. */
void outside(float *x, int n) {
    for (int i = 0; i < n; i++) {
        bits b;
        b.u = (uint32_t)i << 3;
        for (int j = 0; j < 4; j++) x[4 * i + j] = b.u + (float)j;
    }
}

/* What stands between two loops may be written anew, and the text has a union there. */
void between(float *x, const float *w, int n) {
    for (int t = 0; t < 3; t++) {
        bits b;
        unsigned s;
        b.f = w[t];
        for (int i = 0; i < n; i++) x[i] *= 2;
        s = b.u >> 23;
        for (int i = 0; i < n; i++) x[i] += s;
        printf("%u\n", s);
    }
}

/* A cast of an address steps once. */
int stepping(float *x, int n) {
    int k = 0;
    for (int i = 0; i < n; i++) {
        int y = *(int *)&x[k++] = i << 20;
        *(uint32_t *)&x[i] >>= 1;
        x[i] += y & 1;
    }
    return k;
}

/* Somebody has its address. */
void taken(float *x, int n) {
    for (int i = 0; i < n; i++) {
        bits b = {x[i]};
        uint32_t *u = &b.u;
        *u ^= 0x80000000u;
        x[i] = b.f;
    }
}

int main(void) {
    enum { N = 1000 };
    static float x[4 * N];
    static double y[N];
    static uint64_t seeds[N];
    for (int i = 0; i < N; i++) {
        x[i] = (i % 37 - 18) * 0.25f;
        seeds[i] = (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
    }
    printf("%d negative\n", negative(x, N));
    inverse_roots(x, N);
    taken(x, N);
    mixed(y, seeds, N);
    printf("%g %g %g\n", x[1], x[N - 1], y[N - 1]);
    between(x, x + 40, N);
    printf("%d %g\n", stepping(x, N), x[N - 1]);
    outside(x, N);
    printf("%g\n", x[4 * N - 1]);
    return 0;
}
