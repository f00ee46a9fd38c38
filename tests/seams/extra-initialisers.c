/* Braces around scalars, strings in braces, missing braces. */
#include <stdio.h>

struct row { int a[2]; int b; };

int main(void) {
    int x = { 3 };
    char s[] = { "text" };
    struct row r[2] = { 1, 2, 3, 4, 5, 6 };
    int m[2][2] = { 1, 2, 3 };
    double z[3] = { };
    printf("%d %s %d %d %g\n", x, s, r[1].a[1], m[1][0], z[2]);
}
