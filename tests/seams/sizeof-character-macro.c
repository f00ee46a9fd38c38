/* A macro asks for the size of a character constant. */
#include <stdio.h>

#define KIND(x) (sizeof(x) == sizeof(int))

int main(void) { printf("%d\n", KIND('b')); } //~ needs-c: C++ gives this another size
