/* An array as operand of `,` or `?:` is a pointer in C and an array in C++. */
#include <stdio.h>

int main(void) {
    char c[10];
    printf("%zu %zu\n", sizeof(0, c), sizeof(1 ? c : c)); //~ needs-c: C++ gives this another size
}
