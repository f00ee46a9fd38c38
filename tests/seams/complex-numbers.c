/* Complex numbers. */
#include <complex.h>
#include <stdio.h>

int main(void) {
    double complex z = 1 + 2 * I; //~ needs-c: C++ does not accept this: expected ';' at end of declaration
    printf("%g\n", creal(z * z)); //~ needs-c: C++ does not accept this: use of undeclared identifier 'z'
}
