/* The bits of a number as another one: by `memcpy`, and by a cast of its address. */
// mupac: --cpu-threshold 0
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t bits(float f) {
    uint32_t u;
    memcpy(&u, &f, sizeof u);
    return u;
}

static float value(uint32_t u) {
    float f;
    memcpy(&f, &u, sizeof(float));
    return f;
}

static float inverse_root(float v) {
    float half = v * 0.5f, y = v;
    int i = *(int *)&y;
    i = 0x5f3759df - (i >> 1);
    y = *(float *)&i;
    return y * (1.5f - half * y * y);
}

void shorter(int n, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        y[i] = value((bits(x[i]) + 0x8000) & 0xffff0000);
}

void inverse_roots(int n, const float *x, float *y) {
    for (int i = 0; i < n; i++)
        y[i] = inverse_root(x[i]);
}

void magnitudes(int n, const double *x, uint64_t *y) {
    for (int i = 0; i < n; i++) {
        double d = x[i];
        *(uint64_t *)&d = *(uint64_t *)&d & 0x7fffffffffffffff;
        memcpy(&y[i], &d, 8);
    }
}

void unset(int n, int m, int *a) {
    for (int i = 0; i < n; i++)
        memset(a + i * m, 0xff, m * sizeof(int));
}

int main(void) {
    float x[80], y[80], z[80];
    double d[80], sum = 0;
    uint64_t k[80], hash = 0;
    int a[80];
    for (int i = 0; i < 80; i++)
        x[i] = i * 1.37f + 0.01f, d[i] = 40 - i;
    shorter(80, x, y);
    inverse_roots(80, x, z);
    magnitudes(80, d, k);
    unset(8, 10, a);
    for (int i = 0; i < 80; i++) {
        sum += y[i] + z[i] + a[i];
        hash = hash * 31 + k[i];
    }
    printf("%.6f %lu\n", sum, (unsigned long)hash);
    return 0;
}
