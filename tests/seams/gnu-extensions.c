/* Extensions of GNU C: statement expressions, `typeof`, ranges, `?:` without a middle, labels as values, `__builtin_…`. */
#include <stdio.h>

#define MAX(a, b) ({ __typeof__(a) _a = (a); __typeof__(b) _b = (b); _a > _b ? _a : _b; })

int main(int argc, char **argv) {
    (void)argv;
    int k = argc ?: 5;
    switch (k) { case 1 ... 3: k = 10; break; default: k = 11; }
    void *where[] = { &&first, &&second };
    goto *where[argc > 1];
second:
    k = 99;
first:
    printf("%d %d %d %d\n", MAX(3, k), __builtin_popcount(255), __builtin_expect(k, 1), __builtin_constant_p(3));
}
