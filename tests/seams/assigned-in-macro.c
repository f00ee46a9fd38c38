/* What is assigned in a macro is of another type wherever that is used. */
#include <stdio.h>
#include <stdlib.h>

#define ALLOCATE(p, n) \
    do { \
        (p) = calloc((n), sizeof(*(p))); \
        if (!(p)) exit(1); \
    } while (0)
#define NEW(type, name, n) type *name = malloc((n) * sizeof(type))
#define GROW(s, n) s->data = realloc(s->data, (n) * sizeof *s->data)
#define INTO(where, n) *(where) = malloc(n)
#define ELEMENT(table, i, n) table[i] = malloc(n)

struct list {
    double *data;
    int n;
};

static void grow(struct list *l, int n) {
    GROW(l, n);
    l->n = n;
}

int main(void) {
    double *x;
    int *k, *rows[2];
    struct list l = {0, 0};
    char *text;
    ALLOCATE(x, 4);
    ALLOCATE(k, 5);
    ALLOCATE(rows[1], 2);
    ELEMENT(rows, 0, sizeof(int));
    NEW(float, y, 3);
    INTO(&text, 10);
    grow(&l, 7);
    x[3] = 2.5, k[4] = 3, y[2] = 4, text[9] = 5, rows[0][0] = 6, rows[1][1] = 7, l.data[6] = 8;
    printf("%g %d %g %d %d %d %g %d\n", x[3], k[4], y[2], text[9], rows[0][0], rows[1][1], l.data[6], l.n);
    free(x), free(k), free(y), free(text), free(rows[0]), free(rows[1]), free(l.data);
    return 0;
}
