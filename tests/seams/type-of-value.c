/* GNU C's `__auto_type` takes `int` from a comparison, and g++ does not know it. */
#include <stdio.h>

int main(void) {
    __auto_type is_less = 2 < 3; //~ needs-c: C++ has no `__auto_type`
    printf("%zu\n", sizeof is_less);
}
