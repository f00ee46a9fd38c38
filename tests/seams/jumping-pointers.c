/* Pointers of other types in assignments, comparisons and calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const int *a, const int *b) { return *a - *b; }
static int any(const void *p) { return p != 0; }
typedef void handler(void);
static void hello(void) { puts("hello"); }

int main(void) {
    int a[4] = { 3, 1, 2, 0 };
    qsort(a, 4, sizeof *a, (int (*)(const void *, const void *))by_size);
    void *v = a;
    int *i = v;
    unsigned *u = (unsigned *)i;
    char *c = malloc(8);
    const int *k = i;
    void *code = (void *)hello;
    handler *h = code;
    h();
    double *grid = calloc(4, sizeof *grid);
    strcpy(c, "text");
    printf("%d %d %u %s %d %d %g\n", a[0], i[1], u[2], c, any(k), v == i, grid[1]);
    free(c);
    free(grid);
}
