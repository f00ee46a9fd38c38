/* One function, three call sites: disjoint arrays, the same array, and shifted overlap. */
#include <stdio.h>

#define N 10000

static int data[2 * N];

static void add(int n, const int *from, int *to) {
    for (int i = 0; i < n; i++)
        to[i] = from[i] + 1;
}

int main(void) {
    for (int i = 0; i < 2 * N; i++)
        data[i] = i;
    add(N, data, data + N); /* disjoint: the kernel runs */
    add(N, data, data);     /* the same elements: the guard sends it to the loop */
    add(N, data, data + 1); /* each result feeds the next: the guard sends it to the loop */
    printf("%d %d %d %d\n", data[0], data[1], data[N], data[2 * N - 1]);
    return 0;
}
