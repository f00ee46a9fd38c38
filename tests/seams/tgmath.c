/* <tgmath.h> chooses by type, as C++ does. */
#include <stdio.h>
#include <tgmath.h>

int main(void) {
    float f = 2.0f;
    double d = 2.0;
    printf("%.17g %.17g %zu\n", (double)sqrt(f), sqrt(d), sizeof(sin(f))); //~ needs-c: C++ chooses another function for `sin` of <tgmath.h>
}
