/* Smallest, largest, sum and product of measurements. */
#include <stdio.h>

#define N 30000

static double samples[N];
static int codes[N];

static double largest(const double *x, int n) {
    double top = x[0];
    for (int i = 1; i < n; i++)
        if (x[i] > top)
            top = x[i];
    return top;
}

static int smallest(const int *x, int n) {
    int low = x[0];
    for (int i = 1; i < n; i++)
        low = x[i] < low ? x[i] : low;
    return low;
}

int main(void) {
    for (int i = 0; i < N; i++) {
        samples[i] = ((i * 7919) % 10007) * 0.125;
        codes[i] = (i * 65537 / 64) % 65521 - 1000;
    }
    long total = 0;
    for (int i = 0; i < N; i++)
        total += codes[i];
    unsigned product = 1;
    for (int i = 0; i < N; i++)
        product *= 2u * (unsigned)codes[i] + 1u;
    printf("largest %.3f\nsmallest %d\ntotal %ld\nproduct %u\n", largest(samples, N), smallest(codes, N), total, product);
    return 0;
}
