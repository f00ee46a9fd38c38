/* Results of `=`, `?:` and `++` are values in C and objects in C++. */
#include <stdio.h>

struct box { char c[8]; };

int main(void) {
    int a = 1, b = 2;
    short s = 3;
    printf("%d %d\n", (a = 3) + (b = 4), (a, b));
    printf("%zu %zu %zu\n", sizeof(s = 4), sizeof(++s), sizeof(+s));
    volatile int v = 2;
    (void)v;
    int r = (v = 5);
    struct box p = { "one" }, q = { "two" };
    puts((a ? p : q).c);
    puts((p = q).c);
    printf("%d %d %d\n", r, v, s);
}
