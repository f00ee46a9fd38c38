/* The arithmetic stands in a macro. */
#include <stdio.h>

struct key { unsigned long id : 40; };
#define NEXT(k) ((k).id + 1)

int main(void) {
    struct key k = { 0xffffffffff };
    printf("%lx\n", (unsigned long)NEXT(k)); //~ needs-c: gcc computes with this bit-field in its own width, C++ with all 64 bits; with a conversion to a type of 64 bits before it both compute alike
}
