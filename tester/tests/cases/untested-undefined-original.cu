// original: overflows.c
// kernels:
// expect: not-tested
#include <stdio.h>

int main(int argc, char **argv) {
    int big = 2147483647;
    printf("%d\n", big + argc);
    return 0;
}
