/* Designators out of order. */
#include <stdio.h>

struct point { int x, y, z; };

int main(void) {
    struct point p = { .z = 3, .x = 1 }; //~ needs-c: C++ does not accept this: ISO C++ requires field designators to be specified in declaration order; field 'z' will be initialized after field 'x'
    printf("%d %d %d\n", p.x, p.y, p.z);
}
