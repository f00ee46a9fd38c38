/* The address of a library function of which C++ has several, in a table. */
#include <math.h>
#include <stdio.h>

typedef double (*function)(double);
static function table[] = { sin, cos }; //~ needs-c: C++ finds another `cos`

int main(void) { printf("%g\n", table[1](0)); }
