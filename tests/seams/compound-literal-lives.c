/* The address of a literal outlives its statement. */
#include <stdio.h>

struct point { int x, y; };

int main(void) {
    struct point *p = &(struct point){ 3, 4 };
    int a[64];
    for (int i = 0; i < 64; i++) a[i] = -i;
    printf("%d %d %d\n", p->x, p->y, a[5]);
}
