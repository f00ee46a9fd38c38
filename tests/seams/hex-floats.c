/* Hexadecimal floating constants (C++17 has them, C++14 not). */
#include <stdio.h>

int main(void) { printf("%a %a %g %g\n", 0x1.8p3, 0x.1p-4f, 0x10p0, 1e3f); }
