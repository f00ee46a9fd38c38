#include <stdio.h>
#include <stdlib.h>
/* parallel-friendly counting sort + running sums + binary searches */
int main(void) {
    int n = 1 << 20, buckets = 1024;
    int *a = malloc(n * sizeof *a), *count = calloc(buckets + 1, sizeof *count), *out = malloc(n * sizeof *out), *pos = malloc(n * sizeof *pos);
    unsigned seed = 42;
    for (int i = 0; i < n; i++) { seed = seed * 1103515245 + 12345; a[i] = (seed >> 8) % 100000; }
    for (int i = 0; i < n; i++) count[a[i] * buckets / 100000 + 1]++;
    for (int b = 0; b < buckets; b++) count[b + 1] += count[b];
    for (int i = 0; i < n; i++) out[count[a[i] * buckets / 100000]++] = a[i];
    for (int i = 0; i < n; i++) {
        int lo = 0, hi = buckets;
        while (lo < hi) { int mid = (lo + hi) / 2; if (count[mid] < i) lo = mid + 1; else hi = mid; }
        pos[i] = lo;
    }
    long h = 0; for (int i = 0; i < n; i++) h = (h + (long)out[i] * pos[i]) % 1000003;
    printf("%ld\n", h);
    return 0;
}
