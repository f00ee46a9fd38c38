/* A `const` object of static storage without a value is zero in C. */
#include <stdio.h>

static const double factor;

int main(void) { printf("%g\n", factor); }
