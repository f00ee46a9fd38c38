/* GNU C gives `void` and functions size 1. */
#include <stdio.h>

int main(void) {
    printf("%zu\n", sizeof(void)); //~ needs-c: C++ does not accept this: invalid application of 'sizeof' to an incomplete type 'void'
    return 0;
}
