/* Unions are initialised by a member that is named. */
#include <stdio.h>

union u { int i; float f; };

int main(void) {
    union u a = { .f = 1.0f }, b = { 3 };
    struct { int k; union u u; } c = { 1, { .f = 2.0f } };
    printf("%g %d %g\n", a.f, b.i, c.u.f);
}
