/* Structures that point to one another and hold one another, with names in both name spaces. */
#include <stdio.h>

struct right;
typedef struct left { struct right *to; int n; double v[4]; } left;
typedef struct right { left *back; struct right *next; left in; double w[4]; } right;

static double product(const left *x) {
    double sum = 0;
    for (int i = 0; i < x->n; i++) sum += x->to->w[i] * x->v[i];
    return sum;
}

int main(void) {
    right y = { 0 };
    y.in.to = &y, y.in.n = 4, y.next = &y, y.back = &y.in;
    for (int i = 0; i < 4; i++) y.next->w[i] = i, y.back->v[i] = 2;
    printf("%g\n", product(&y.in));
    return 0;
}
