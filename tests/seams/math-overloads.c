/* C++ has several functions for some of <math.h> and <stdlib.h>. */
#include <complex.h>
#undef I
#include <math.h>
#include <stdio.h>
#include <stdlib.h>


int main(void) {
    float f = 2.0f;
    int i = -3;
    long l = -5000000000L;
    printf("%.17g %.17g %.17g\n", sqrt(f), sin(f), pow(f, 0.5f));
    printf("%d %ld %.17g %.17g\n", abs(i), labs(l), fabs(f), fabs(i));
    printf("%d %d\n", abs((int)l), (int)fmax(2, f));
    printf("%.17g %.17g %.17g\n", floor(7 / 2), pow(2, i), fmod(7, f));
    printf("%d %d %d %d %d\n", !!isnan(f), !!isinf(1 / 0.0), !!isfinite(f), !!signbit(-f), fpclassify(f) == FP_NORMAL);
    printf("%d\n", isgreater(f, 1));
    printf("%.17g %zu %zu\n", exp(f) - expf(f), sizeof(sqrt(f)), sizeof(fabs(f)));
    printf("%.17g %.17g %.17Lg\n", round(f + 0.6f), atan2(f, i), fabsl(-1.0L / 3));
    div_t d = div(7, 2);
    ldiv_t e = ldiv(l, 3);
    printf("%d %ld\n", d.rem, e.quot);
    printf("%d\n", (int)abs(l));
    printf("%.9g\n", log(f) / log(10));
}
