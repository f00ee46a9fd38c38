/* What a library calls back, or a pointer to a function, finds memory as it should be. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>
#define N 500
static int rank[N], order[N];
static void raise_all(int *r, int by) {
    for (int i = 0; i < N; i++) r[i] = (r[i] * by + 7) % 1009;
}
static int by_rank(const void *p, const void *q) {
    return rank[*(const int *)p] - rank[*(const int *)q];
}
static void twice(void (*f)(int *, int), int *r) {
    f(r, 3);
    f(r, 5);
}
int main(void) {
    for (int i = 0; i < N; i++) order[i] = i, rank[i] = i;
    for (int t = 0; t < 3; t++) {
        raise_all(rank, 2);
        raise_all(rank, 3);
        qsort(order, N, sizeof *order, by_rank);
        twice(raise_all, rank);
        raise_all(rank, 11);
    }
    for (int i = 0; i < N; i += 50) printf("%d %d\n", order[i], rank[i]);
    return 0;
}
