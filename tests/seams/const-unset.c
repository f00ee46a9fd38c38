/* A `const` object of static storage without a value is zero in C. */
#include <stdio.h>

static const double factor; //~ needs-c: C++ does not accept this: default initialization of an object of const type 'const double'

int main(void) { printf("%g\n", factor); }
