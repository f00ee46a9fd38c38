/* `_Bool` bit-fields, and plain `int` and narrow bit-fields in arithmetic. */
#include <stdio.h>

enum letter { A, B, C };
struct flags { _Bool on : 1; int plain : 3; unsigned narrow : 5; unsigned whole : 32; enum letter e : 2; signed char small : 4; };

int main(void) {
    struct flags f = { 1, -1, 31, 4000000000u, C, -8 };
    printf("%d %d %d %d\n", f.on + 1, -f.on, ~f.on, f.on << 4);
    printf("%d %d %d\n", f.plain, f.plain < 0, f.plain - 1);
    printf("%d %d %u %d\n", f.narrow - 32 < 0, ~f.narrow < 0, f.whole + 1, f.whole - 1u > 5);
    printf("%d %d %d\n", f.e, f.e - 3 < 0, f.small);
    f.on += 7;
    f.plain = 3;
    f.plain++;
    f.narrow++;
    f.narrow = f.narrow - 1;
    f.e = 3;
    printf("%d %d %u %d %zu\n", f.on, f.plain, f.narrow, f.e, sizeof f);
    printf("%d %d\n", (f.narrow = 77), f.small++);
    printf("%d\n", f.narrow > -1);
}
