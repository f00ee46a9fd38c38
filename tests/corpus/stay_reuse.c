/* Memory that is freed and allocated again has new contents, wherever it lies. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>
static void fill(int n, int *a, int by) {
    for (int i = 0; i < n; i++) a[i] = i * by;
}
static void add(int n, const int *a, int *b) {
    for (int i = 0; i < n; i++) b[i] += a[i];
}
int main(void) {
    int n = 1000, seen = 0;
    int *b = calloc(n, sizeof *b);
    if (!b) return 1;
    for (int round = 1; round <= 4; round++) {
        int *a = malloc(n * sizeof *a);
        if (!a) return 1;
        fill(n, a, round);
        add(n, a, b);
        free(a);
        a = calloc(n, sizeof *a);
        if (!a) return 1;
        add(n, a, b);
        a[5] = 7;
        add(n, a, b);
        a = realloc(a, 2 * n * sizeof *a);
        if (!a) return 1;
        a[n - 1] = 3;
        add(n, a, b);
        for (int i = 0; i < n; i++) seen += b[i] % 13;
        free(a);
    }
    printf("%d %d %d\n", seen, b[5], b[n - 1]);
    free(b);
    return 0;
}
