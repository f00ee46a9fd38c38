#include <stdio.h>
#include <stdlib.h>

/* Called by this file too, with what its callers are passed. */
void scale(int n, int by, int *x) {
    for (int i = 0; i < n; i++) x[i] *= by;
}
static void add(int n, const int *x, int *y) {
    for (int i = 0; i < n; i++) y[i] += x[i];
}
/* Without loops: passes on pointers, and places behind them. */
void step(int n, int *x, int *y) {
    if (!x || !y) return;
    scale(n, 2, x);
    add(n - 1, x + 1, y);
    add(n - 1, y, &x[1]);
}
/* Before a loop of its own, and through another. */
void twice(int n, int *x, int *y) {
    step(n, x, y);
    for (int i = 0; i < n; i++) y[i] += i;
    step(n, y, x);
}
/* On memory of the host, which is passed on as well: neither takes any of the device. */
void negate(int n, int *x) {
    for (int i = 0; i < n; i++) x[i] = -x[i];
}
int with_own(int n, int *x) {
    int own[3] = {1, 2, 3};
    negate(3, own);
    negate(n, x);
    return own[2];
}
/* Looks at what it is passed: nor does whom it calls. */
void increase(int n, int *x) {
    for (int i = 0; i < n; i++) x[i] += 3;
}
int looks(int n, int *x) {
    increase(n, x);
    return x[0];
}
/* calls */
#define N 100
int main(void) {
    int x[N], y[N];
    for (int i = 0; i < N; i++) x[i] = i % 7, y[i] = i % 5;
    int *a = LEND(step, x), *b = LEND(step, y);
    step(N, a, b);
    BACK(step, x, a), BACK(step, y, b);
    a = LEND(twice, x), b = LEND(twice, y);
    twice(N, a, b);
    BACK(twice, x, a), BACK(twice, y, b);
    a = LEND(scale, x);
    scale(N, 3, a);
    BACK(scale, x, a);
    a = LEND(with_own, x);
    printf("%d\n", with_own(N, a));
    BACK(with_own, x, a);
    a = LEND(negate, x);
    negate(N, a);
    BACK(negate, x, a);
    a = LEND(looks, x);
    printf("%d\n", looks(N, a));
    BACK(looks, x, a);
    a = LEND(increase, x);
    increase(N, a);
    BACK(increase, x, a);
    for (int i = 0; i < N; i++) printf("%d %d\n", x[i], y[i]);
    return 0;
}
