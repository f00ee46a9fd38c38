/* `auto` behind the type. */
#include <stdio.h>

int main(void) { int auto n = 2; printf("%d\n", n); } //~ needs-c: C++ does not accept this: cannot combine with previous 'int' declaration specifier
