#include <stdio.h>
#include <stdlib.h>

struct sums { long all; int parts[3]; };
int counted;
static double scale = 1.5;
int limits[4] = {3, 1, 4, 1};

/* Numbers that loops leave behind, in all places that numbers have. */
long leaves(int n, const int *x, int *y) {
    static int calls;
    struct sums s = {1, {2, 3, 4}};
    const int twice = n * 2;
    int i = 77, last = -5;
    for (i = 0; i < n; i++) {
        y[i] = x[i] + twice;
        s.all += y[i];
        counted += 1;
        calls += 2;
    }
    for (int k = 0; k < n; k++) {
        y[k] -= x[k] * limits[k & 3];
        last = k * 2 + 1;
    }
    return s.all + s.parts[1] * 1000 + last * 7 + i + calls;
}
/* Elements of the function's own arrays. */
int buckets(int n, const int *x, int *y) {
    int best[3] = {-9, -9, -9}, at[3] = {0, 0, 0};
    for (int i = 0; i < n; i++) {
        y[i] = x[i] * 3;
        best[1] = best[1] > x[i] ? best[1] : x[i];
        at[2] += x[i];
    }
    return best[0] + best[1] * 10 + at[2] * 100;
}
/* Rows that overlap where they are longer than they are far apart. */
void rows_of(int n, int m, int far, int *x, const int *y) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) x[i * far + j] = y[j] + i * 100;
}
/* Divisors and remainders that may be none. */
void divided(int n, int k, int *x, const int *y) {
    for (int i = 0; i < n; i++) x[i] = y[i / k] + y[i % k];
}
/* Numbers of the host between kernels, and conditions on them. */
int steps(int n, int times, int *x, int *y) {
    int half = 64, skipped = 0;
    for (int t = 0; t < times; t++) {
        for (int i = 0; i < n; i++) y[i] = x[i] + half;
        half /= 2;
        if (t % 3 == 1) {
            for (int i = 0; i < n; i++) x[i] = y[i] * 2;
        } else {
            skipped += t;
        }
    }
    return half + skipped;
}
/* An array as long as the caller says, between two loops. */
void between(int n, int *x, const int *y) {
    if (n <= 0) return;
    int t[n];
    for (int i = 0; i < n; i++) t[i] = y[i] * 2;
    for (int i = 0; i < n; i++) x[n - 1 - i] = t[i] + x[n - 1 - i];
}
void strided(int n, int by, int *x, const int *y) {
    for (int i = 0; i < n; i += 3) x[i * by] = y[i] - x[i * by];
}
void bounded(int n, int lo, int hi, int *x, int *y) {
    for (int i = lo; i < hi && i < n; i++) x[i] = y[i] + 1;
    for (int i = hi; i > lo; i -= 2) y[i] = x[i - 1];
}
double mean(int n, const float *x) {
    double all = 0;
    int used = 0;
    for (int i = 0; i < n; i++) {
        if (x[i] < 0) continue;
        all += x[i] * scale;
        used++;
    }
    return used ? all / used : -1;
}
/* The lower half reads what the upper half has written, and the other way round. */
void halves(int n, int *x) {
    for (int i = 0; i < n / 2; i++) x[i] = x[i + n / 2] + 1;
    for (int i = n / 2; i < n; i++) x[i] = x[i - n / 2] * 2;
}
int both(int n, int flag, int *x, int *y) {
    int made = 0;
    if (flag > 1) {
        for (int i = 0; i < n; i++) { x[i] = i; made += i; }
    } else if (flag == 1) {
        for (int i = 0; i < n; i++) { y[i] = x[i] ^ 3; made -= 1; }
    } else {
        return 12;
    }
    return made;
}
void stencil(int n, int m, const float *a, float *b) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            b[i * m + j] = (a[(i - 1) * m + j] + a[(i + 1) * m + j] + a[i * m + j - 1] + a[i * m + j + 1]) / 4;
}
#define CALL(name) halves_##name
#define PASTED(a, b) a##b
void halves_of(int n, int *x) {
    for (int i = 0; i < n; i++) x[i] += 3;
}
int mine(int n) {
    int own[32];
    for (int i = 0; i < 32; i++) own[i] = i;
    CALL(of)(n, own);
    return own[3] + own[31];
}
void other(int n, int *x) {
    for (int i = 0; i < n; i++) x[i] -= 9;
}
int mine_too(int n) {
    int own[32];
    for (int i = 0; i < 32; i++) own[i] = i;
    PASTED(oth, er)(n, own);
    return own[3] + own[31];
}
/* Text that is not modelled may read any variable but those that ended with their loop. */
int then_text(int n, int *x) {
    int sum = 2;
    for (int i = 0; i < n; i++) x[i] += 3 - i;
    switch (n) { case 3: sum = 7; break; default: sum -= n; }
    return sum;
}

/* calls */
#define SHOW(x) show(#x, (const unsigned char *)(x), sizeof(x))
static void show(const char *name, const unsigned char *x, size_t size) {
    unsigned long hash = 5381;
    for (size_t i = 0; i < size; i++) hash = hash * 33 + x[i];
    printf("%s %lu\n", name, hash);
}

int main(void) {
    for (int n = -1; n <= 20; n += n < 4 ? 1 : 4) {
        int x[256];
        float f[64], g[63];
        for (int i = 0; i < 256; i++) x[i] = i * 11 % 53 - 20;
        for (int i = 0; i < 64; i++) f[i] = x[i] * 0.25f;
        for (int i = 0; i < 63; i++) g[i] = i;
        for (int by = -2; by <= 24; by += 13) {
            { int *d = LEND(leaves, x); printf("%ld\n", leaves(n, d + 40, d + 40 + by)); BACK(leaves, x, d); SHOW(x); printf("%d\n", counted); }
            { int *d = LEND(buckets, x); printf("%d\n", buckets(n, d + 40, d + 40 + by)); BACK(buckets, x, d); SHOW(x); }
            for (int far = 2; far < 8; far += 2) { int *d = LEND(rows_of, x); rows_of(n, 4, far, d + 40, d + 40 + by); BACK(rows_of, x, d); SHOW(x); }
            for (int k = 1; k < 30; k += 9) { int *d = LEND(divided, x); divided(n, k, d + 40, d + 40 + by); BACK(divided, x, d); SHOW(x); }
            for (int times = 0; times < 6; times++) { int *d = LEND(steps, x); printf("%d\n", steps(n, times, d + 40, d + 40 + by)); BACK(steps, x, d); SHOW(x); }
            { int *d = LEND(between, x); between(n, d + 40, d + 40 + by); BACK(between, x, d); SHOW(x); }
            for (int s = -1; s < 4; s++) { int *d = LEND(strided, x); strided(n, s, d + 80, d + 80 + by); BACK(strided, x, d); SHOW(x); }
            for (int lo = 1; lo < 9; lo += 3) { int *d = LEND(bounded, x); bounded(n, lo, 17 - lo, d + 40, d + 40 + by); BACK(bounded, x, d); SHOW(x); }
            for (int flag = 0; flag < 3; flag++) { int *d = LEND(both, x); printf("%d\n", both(n, flag, d + 40, d + 40 + by)); BACK(both, x, d); SHOW(x); }
        }
        { int *d = LEND(divided, x); divided(0, 0, d, d + 99); BACK(divided, x, d); SHOW(x); }
        { float *d = LEND(mean, f); printf("%.17g\n", mean(n, d + 1)); BACK(mean, f, d); }
        { int *d = LEND(halves, x); halves(n, d); BACK(halves, x, d); SHOW(x); }
        { float *d = LEND(stencil, f); float *e = LEND(stencil, g); stencil(8, 8, d, e); BACK(stencil, f, d); BACK(stencil, g, e); SHOW(g); }
        { float *d = LEND(stencil, f); float *e = LEND(stencil, g); stencil(7, 9, e, d); BACK(stencil, f, d); BACK(stencil, g, e); SHOW(f); }
        { int *d = LEND(then_text, x); printf("%d\n", then_text(n, d + 9)); BACK(then_text, x, d); SHOW(x); }
        printf("%d %d\n", mine(n), mine_too(n));
    }
    return 0;
}
