/* The call stands in a macro of the file. */
#include <math.h>
#include <stdio.h>

#define ROOT(x) sqrt(x)
#define TAKE(f, x) f(x)

int main(void) {
    float f = 2.0f;
    printf("%.17g %.17g\n", ROOT(f), TAKE(sin, f));
}
