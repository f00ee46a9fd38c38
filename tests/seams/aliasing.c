/* Memory without a declared type takes the type of what is stored (C17 6.5); C++ wants objects to be made. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct a { int kind; float x; };
struct b { int kind; int n; };

static float reuse(void *memory) {
    int *i = memory;
    *i = 5;
    float *f = memory;
    *f = 1.5f;
    return *f;
}

int main(void) {
    void *m = malloc(sizeof(struct a) * 4);
    float r = reuse(m);
    struct a *s = m;
    s[1].kind = 1;
    s[1].x = 2.5f;
    struct a copy;
    memcpy(&copy, &s[1], sizeof copy);
    unsigned bits;
    memcpy(&bits, &copy.x, sizeof bits);
    struct b *t = (struct b *)&s[2];
    t->kind = 2;
    t->n = 7;
    union { struct a a; struct b b; } u;
    u.b.kind = 4;
    u.b.n = 9;
    printf("%g %g %x %d %d\n", r, copy.x, bits, t->n, u.a.kind);
    free(m);
}
