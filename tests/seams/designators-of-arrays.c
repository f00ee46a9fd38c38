/* Designators of arrays and nested ones. */
#include <stdio.h>

struct point { int x, y; };
struct line { struct point a, b; };

int main(void) {
    int a[8] = { [2] = 5, [5] = 7 };
    struct line l = { .a.y = 2, .b = { .x = 4 } }; //~ needs-c: C++ does not accept this: nested designators are a C99 extension
    printf("%d %d %d\n", a[2], l.a.y, l.b.x);
}
