// mupac: -std=gnu89
/* Implicit `int`, implicit declarations and functions in the old style (C90). */
#include <stdio.h>

static int counter;
add(a, b)
    short b;
    float a;
{
    int r = a + b;
    return r;
}

static int one() { return counter++; }

main()
{
    const int k = 3;
    register int j = 4;
    int total;
    total = add(1.5, (short)2) + one() + one() + k + j;
    printf("%d %d\n", total, twice(4));
    return 0;
}

int twice(int n) { return 2 * n; }
