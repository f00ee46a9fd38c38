/* A structure without members has size 0 in GNU C and 1 in C++. */
#include <stdio.h>

struct nothing {};
struct with { struct nothing a; int n; }; //~ needs-c: C++ computes this otherwise: as struct nothing instead of struct nothing

int main(void) {
    struct nothing many[4]; //~ needs-c: C++ computes this otherwise: as struct nothing[4] instead of struct nothing[4]
    printf("%zu %zu %zu\n", sizeof(struct nothing), sizeof(struct with), sizeof many); //~ needs-c: C++ gives this another size
}
