// mupac: -std=gnu89
/* A storage class alone declares an `int` in C90. */
#include <stdio.h>

static counter;

int main(void) { printf("%d\n", counter); return 0; }
