/* What nvcc adds to every file has an `assert`, and the program its own. */
#include <stdio.h>

#ifdef assert
#define HAD_ONE 1
#else
#define HAD_ONE 0
#endif

#ifndef assert
#define assert(condition) ((void)0)
#endif

int main(void) {
    int n = 0;
    assert(n++ == 1);
    printf("%d %d\n", n, HAD_ONE);
    return 0;
}
