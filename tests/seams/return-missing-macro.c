/* A macro makes the whole function, so there is no place for a `return`. */
#include <stdio.h>

#define MAKE(name, value) \
    static int name(int *a) { *a = value; }

MAKE(one, 1) //~ needs-c: `one` may end without `return`, which C++ leaves undefined, and a macro writes its end; with a `return` at its end both languages take it

int main(void) {
    int a = 0;
    one(&a);
    printf("%d\n", a);
}
