/* `_Alignof`, `_Alignas`, `_Static_assert`. */
#include <stdalign.h>
#include <stdio.h>

_Static_assert(sizeof(int) == 4, "int");
_Static_assert(1 == 1);
struct s { char d; char c; int n; };
static double x[4] __attribute__((aligned(64)));

int main(void) {
    _Alignas(32) int y = 1;
    printf("%zu %zu %zu %d %zu\n", _Alignof(struct s), _Alignof(double), sizeof(struct s), (int)((unsigned long)x % 64) + y, alignof(long double));
    printf("%zu\n", __alignof__(y));
}
