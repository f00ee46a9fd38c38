/* `_Alignas` behind `static`. */
#include <stdio.h>

static _Alignas(64) double x[4]; //~ needs-c: C++ does not accept this: an attribute list cannot appear here

int main(void) { printf("%d\n", (int)((unsigned long)x % 64)); }
