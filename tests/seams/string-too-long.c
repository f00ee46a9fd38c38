/* `char t[3] = "abc"` holds no zero in C and is ill-formed in C++. */
#include <stdio.h>

static char t[3] = "abc"; //~ needs-c: C++ does not accept this: initializer-string for char array is too long, array size is 3 but initializer has size 4 (including the null terminating character)

int main(void) { printf("%.3s\n", t); }
