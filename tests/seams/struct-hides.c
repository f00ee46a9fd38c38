/* A tag in an inner scope hides a variable of the file in C++ and not in C. */
#include <stdio.h>

int x[99];

int main(void) {
    struct x { int a; };
    printf("%zu %zu\n", sizeof(x), sizeof(struct x)); //~ needs-c: C++ reads this otherwise
}
