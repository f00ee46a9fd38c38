/* Lists narrow their values in C. */
#include <stdio.h>

int main(int argc, char **argv) {
    (void)argv;
    double x = 2.9;
    char c[3] = { 300, argc, x };
    float f[2] = { x, argc };
    unsigned u[] = { -1 };
    struct { short s; unsigned char b; } t = { 70000, 0x1ff };
    printf("%d %d %d %g %u %d %d\n", c[0], c[1], c[2], f[0], u[0], t.s, t.b);
}
