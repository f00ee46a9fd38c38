// original: spawns.c
// kernels:
// expect: pass
#include <stdio.h>

int main(void) {
    printf("1\n1\n0\n1\n");
    return 0;
}
