/* An empty structure moves the members behind it. */
#include <stddef.h>
#include <stdio.h>

struct nothing {};
struct with { char c; struct nothing a; char d; }; //~ needs-c: C++ computes this otherwise: as struct nothing instead of struct nothing

int main(void) {
    struct with w = { 1, {}, 2 }; //~ needs-c: C++ computes this otherwise: as struct with instead of struct with
    unsigned char *bytes = (unsigned char *)&w; //~ needs-c: C++ computes this otherwise: as struct with * instead of struct with *
    printf("%d\n", bytes[1]);
}
