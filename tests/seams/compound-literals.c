/* Compound literals are objects that live to the end of the block; in C++ they are temporaries. */
#include <stdio.h>

struct point { int x, y; };
static int sum(const struct point *p) { return p->x + p->y; }
static int total(const int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }

int main(void) {
    struct point p = (struct point){ 1, 2 };
    p = (struct point){ .x = 3 };
    printf("%d %d\n", p.x, (struct point){ 4, 5 }.y);
    int k = 2;
    sum(&(struct point){ k, 1 });
    printf("%d\n", p.y);
    (void)total;
}
