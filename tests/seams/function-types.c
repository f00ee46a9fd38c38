/* Calls through pointers of another type, comparisons of functions, `&f`, `*f`. */
#include <stdio.h>

static int f(int n) { return n + 1; }
typedef int unary(int);

int main(void) {
    unary *p = f, *q = &f;
    int k = 1;
    printf("%d %d %d %d\n", (*p)(1), (**q)(2), p == f, (k ? f : 0)(3));
}
