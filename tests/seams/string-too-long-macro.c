/* The same out of a macro. */
#include <stdio.h>

#define NAME "abc"
static char t[3] = NAME; //~ needs-c: C++ does not accept this: initializer-string for char array is too long, array size is 3 but initializer has size 4 (including the null terminating character)

int main(void) { printf("%.3s\n", t); }
