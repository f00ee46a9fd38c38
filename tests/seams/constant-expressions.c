/* `const` variables are no constants in C, so an array with one as its size is variable; in C++ it is not. */
#include <stdio.h>

static const int n = 4;
enum { COUNT = 3, NEXT, SUM = COUNT + NEXT };
static int grid[SUM];

int main(void) {
    int m = 3;
    int a[n];
    int b[m];
    int c[COUNT][NEXT];
    for (int i = 0; i < 4; i++) a[i] = i;
    printf("%zu %zu %zu %zu %d\n", sizeof a, sizeof b, sizeof c, sizeof grid, a[3]); //~ needs-c: C++ gives this another size
    printf("%d\n", (int)(sizeof b / sizeof *b));
}
