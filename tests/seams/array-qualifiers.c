/* Several qualifiers in one pair of brackets. */
#include <stdio.h>

static double first(const double x[static restrict 2], double y[const]) { return x[0] + y[0]; } //~ needs-c: C++ does not accept this: qualifier in array size is a C99 feature, not permitted in C++

int main(void) {
    double x[2] = { 1, 2 };
    printf("%g\n", first(x, x));
}
