// mupac: --cpu-threshold 100
// What C++ would compute otherwise without a word: overloads, sizes of constants, promotion of enumerations.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
enum color { RED, GREEN, BLUE };
#define COUNT 4096
static float values[COUNT];

int main(void) {
    float x = 2.0f;
    double d = -2.5;
    long l = -3;
    unsigned u = 3;
    printf("%d %d %d\n", abs(d), abs(l), abs(u));
    printf("%.17g %.17g %.17g\n", sqrt(x), fabs(x) / 3, ldexp(x, 2) / 3);
    printf("%zu %zu %zu\n", sizeof('a'), sizeof(1 == 2), sizeof RED);
    enum color c = GREEN;
    printf("%d %d\n", c - 2 > 0, c < l);
    for (enum color each = RED; each <= BLUE; each++)
        u += each;
    c |= BLUE;
    float pair[2] = {d, u};
    for (int i = 0; i < COUNT; i++)
        values[i] = pair[0] * i + pair[1];
    printf("%d %g %g\n", (int)c, values[1], values[COUNT - 1]);
    return 0;
}
