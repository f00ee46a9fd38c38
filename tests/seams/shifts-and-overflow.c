/* Shifts of negative numbers and conversions out of range: gcc defines them alike in both. */
#include <limits.h>
#include <stdio.h>

int main(int argc, char **argv) {
    (void)argv;
    int m = -argc;
    unsigned char c = 200;
    signed char s = (signed char)(c + argc);
    printf("%d %d %d %d\n", m << 3, m >> 1, s, c << 24 < 0);
    printf("%d %u %d\n", (int)(4000000000u + argc), (unsigned)m, (short)(70000 + argc));
    printf("%d %d %d\n", -7 / 2, -7 % 3, m / 2);
}
