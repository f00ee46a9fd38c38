/* A type of variable length behind two pointers has no use that would fix its size. */
#include <stdio.h>

static int rows(int n) {
    typedef int (**row)[n]; //~ needs-c: g++ computes the size of this type where its name is first used, and C here
    n = 3;
    return sizeof **(row)0 / sizeof(int);
}

int main(void) { printf("%d\n", rows(9)); }
