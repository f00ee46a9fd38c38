/* `and`, `or`, `not`, … are names in C and operators in C++. */
#include <stdio.h>

static int and(int a, int b) { return a & b; }

int main(void) {
    int or = 1, not = 2, xor = 3, bitand = 4, compl = 5;
    printf("%d %d %d %d %d %d\n", and(6, 3), or, not, xor, bitand, compl);
}
