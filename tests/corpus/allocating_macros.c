// mupac: --cpu-threshold 0
// Macros that assign what they allocate, to pointers of any type.
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

struct list {
    double *data;
    int n;
};

static void fill(struct list *l, int n) {
    GROW(l, n);
    l->n = n;
    for (int i = 0; i < n; i++) l->data[i] = i * 0.5;
}

int main(void) {
    enum { N = 400 };
    double *x;
    int *k;
    struct list l = {0, 0};
    char *text;
    ALLOCATE(x, N);
    ALLOCATE(k, N);
    NEW(float, y, N);
    INTO(&text, 10);
    text[0] = 1;
    fill(&l, N);
    for (int i = 0; i < N; i++) {
        x[i] = i;
        k[i] = i % 7;
        y[i] = (float)(i % 3);
    }
    double sum = 0;
    for (int i = 0; i < N; i++) sum += x[i] * k[i] + y[i] + l.data[i];
    printf("%g %d\n", sum, text[0]);
    free(x), free(k), free(y), free(text), free(l.data);
    return 0;
}
