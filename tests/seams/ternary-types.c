/* Operands of `?:` of several types. */
#include <stdio.h>

enum a { X = 3 };
enum b { Y = 4 };

int main(int argc, char **argv) {
    (void)argv;
    short s = -1;
    unsigned u = 1;
    char c = 'c';
    void *v = &s;
    printf("%d %d %zu %d\n", (argc ? s : u) > 0, argc ? X : Y, sizeof(argc ? c : c), (argc ? -1 : 1u) > 0);
    short *p = argc ? v : 0;
    short *q = argc ? &s : NULL;
    printf("%d %d %g\n", *p, q == p, argc ? 1 : 2.5);
    argc ? (void)puts("one") : (void)puts("two");
    printf("%d\n", X + Y);
    printf("%d\n", X < Y);
}
