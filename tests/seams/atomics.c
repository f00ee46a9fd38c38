/* Atomic objects. */
#include <stdio.h>

static _Atomic int n; //~ needs-c: C++ has no `_Atomic`

int main(void) { n++; printf("%d\n", n); }
