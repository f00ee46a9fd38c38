// mupac: -std=gnu89
/* A storage class alone declares an `int` in C90. */
#include <stdio.h>

static counter; //~ needs-c: C++ does not accept this: a type specifier is required for all declarations

int main(void) { printf("%d\n", counter); return 0; }
