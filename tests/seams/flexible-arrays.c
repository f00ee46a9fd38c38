/* Flexible array members, arrays of no elements, and structures without members (GNU C: size 0). */
#include <stdio.h>
#include <stdlib.h>

struct flexible { int n; double x[]; };
struct old { int n; char c[0]; };
struct tail { int n; int a[1]; };

int main(void) {
    struct flexible *f = malloc(sizeof *f + 3 * sizeof(double));
    f->n = 3;
    for (int i = 0; i < f->n; i++) f->x[i] = i + 0.5;
    struct old *o = malloc(sizeof *o + 4);
    o->c[3] = 'z';
    int none[0];
    printf("%zu %zu %zu %g %c %zu\n", sizeof *f, sizeof *o, sizeof none, f->x[2], o->c[3], sizeof(struct tail));
    free(f);
    free(o);
}
