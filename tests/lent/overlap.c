#include <stdio.h>
#include <stdlib.h>

/* Any two of the three may be parts of one array. */
void blend(int n, const int *x, const int *y, int *z) {
    for (int i = 0; i < n; i++)
        z[i] = 2 * x[i] - y[i];
}

/* The order of iterations matters where they overlap, and what is left behind is read. */
int shifted(int n, const int *from, int *to) {
    int i, last = -1;
    for (i = 0; i < n; i++) {
        to[i] = from[i] + 1;
        last = i * 3;
    }
    return i + last;
}

/* Two loops, each of which may find what the other wrote. */
void twice(int n, unsigned *a, unsigned *b) {
    for (int i = 0; i < n; i++)
        b[i] = a[i] * 3u;
    for (int i = 0; i < n; i++)
        a[i] += b[n - 1 - i];
}

unsigned sum(int n, const unsigned *a) {
    unsigned total = 7;
    for (int i = 0; i < n; i++)
        total += a[i] * a[i];
    return total;
}

/* calls */
static void show(const char *name, const int *x, int n) {
    printf("%s:", name);
    for (int i = 0; i < n; i++) printf(" %d", x[i]);
    printf("\n");
}

int main(void) {
    for (int n = 0; n <= 40; n += 8)
        for (int by = -3; by <= 40; by += 7) {
            int m[128];
            for (int i = 0; i < 128; i++) m[i] = i * 7 % 31;
            int *d = LEND(blend, m);
            blend(n, d + 10, d + 10 + by + 3, d + 20);
            BACK(blend, m, d);
            show("blend", m, 128);
            d = LEND(shifted, m);
            int result = shifted(n, d + 8, d + 8 + by);
            BACK(shifted, m, d);
            show("shifted", m, 128);
            printf("%d\n", result);
            unsigned u[128];
            for (int i = 0; i < 128; i++) u[i] = i * 5 % 29;
            unsigned *e = LEND(twice, u);
            twice(n, e + 8, e + 8 + by);
            BACK(twice, u, e);
            show("twice", (int *)u, 128);
            e = LEND(sum, u);
            unsigned total = sum(n, e + 5);
            BACK(sum, u, e);
            printf("%u\n", total);
        }
    return 0;
}
