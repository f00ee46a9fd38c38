// Functions that macros make are written out where their loops get kernels, and stay uses where none does.
// mupac: --cpu-threshold 100
#include <assert.h>
#include <math.h>
#include <stdio.h>

#define N 300
#define PASTE(a, b) a##_##b
#define NAME(operation, type) PASTE(operation, type)
#define FOR(i, n) for (int i = 0; i < (n); i++)

#define DEFINE_AXPY(T) \
    static void NAME(axpy, T)(int n, T a, const T *x, T *y) { \
        assert(n >= 0); \
        FOR(i, n) y[i] += a * x[i]; \
    }
DEFINE_AXPY(float)
DEFINE_AXPY(double)

// Several functions of one use, and a list in one of them.
#define OPERATIONS(X) X(add, +) X(mul, *)
#define DEFINE_OPERATION(name, op) static void name(double *c, const double *a) { \
    const double by[2] = {1.5, N}; \
    FOR(i, N) { if (i % 2 == 0) { c[i] = a[i] op by[0]; } else c[i] = a[i] op by[1]; } }
OPERATIONS(DEFINE_OPERATION)

// The body is an argument.
#define DEFINE(name, T, ...) static T name(const T *x, int n) __VA_ARGS__
DEFINE(least, float, {
    float best = INFINITY;  // what is left of a comment is nothing
    for (int i = 0; i < n; i++)
        if (x[i] < best) best = x[i];
    return best;
})

// A recurrence gets no kernel, and what depends on its line is not written out.
#define DEFINE_SCAN(T) static void NAME(scan, T)(T *x, int n) { for (int i = 1; i < n; i++) x[i] += x[i - 1]; }
DEFINE_SCAN(double)
#define DEFINE_MARK(name) static void name(double *x) { FOR(i, N) x[i] += __LINE__; }
DEFINE_MARK(mark)

int main(void) {
    static float x[N], y[N];
    static double u[N], v[N];
    FOR(i, N) {
        x[i] = (i * 7) % 13;
        y[i] = i;
        u[i] = x[i] * 0.5;
    }
    axpy_float(N, 0.5f, x, y);
    add(v, u);
    axpy_double(N, 2.0, u, v);
    mul(u, v);
    scan_double(u, N);
    mark(v);
    double sum = 0;
    FOR(i, N) sum += u[i] + v[i] + y[i];
    printf("%.9g %g line %d\n", sum, least(y, N), __LINE__);
    return 0;
}
