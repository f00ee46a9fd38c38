/* Designated initialisers: in order, out of order, of arrays, nested, twice. */
#include <stdio.h>

struct point { int x, y, z; };

int main(void) {
    struct point p = { .x = 1, .z = 3 };
    printf("%d %d %d\n", p.x, p.y, p.z);
}
