// original: shifts_too_far.c
// kernels:
// expect: not-tested
#include <stdio.h>

int main(int argc, char **argv) {
    int bits = 31 + argc;
    printf("%d\n", 1 << bits);
    return 0;
}
