/* A `typedef` with the name of another tag. */
#include <stdio.h>

struct point { int x; };
typedef int point; //~ needs-c: C++ does not accept this: typedef redefinition with different types ('int' vs 'point_')

int main(void) {
    point a = 1; //~ needs-c: C++ does not accept this: no viable conversion from 'int' to 'point_'
    struct point b = { 2 };
    printf("%d %d %zu\n", a, b.x, sizeof(point));
}
