/* `_Generic` has no counterpart. */
#include <stdio.h>

#define NAME(x) _Generic((x), int: "int", char: "char", float: "float", default: "other") //~ needs-c: C++ has no `_Generic`

int main(void) { printf("%s %s %s\n", NAME(1), NAME('a'), NAME(1.0f)); }
