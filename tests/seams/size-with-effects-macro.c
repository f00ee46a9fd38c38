/* A macro makes the size, so it cannot move. */
#include <stdio.h>

#define TWO_MORE(n) (n) = (n) + 2

static int sum(int n, int a[TWO_MORE(n)]) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; } //~ needs-c: C++ has no parameters that are arrays of variable length

int main(void) {
    int a[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
    printf("%d\n", sum(10, a));
}
