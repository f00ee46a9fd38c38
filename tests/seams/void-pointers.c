/* GNU C counts in bytes with `void *`, and functions have size 1. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int a[4] = { 1, 2, 3, 4 };
    void *p = a;
    p += 4; //~ needs-c: C++ does not accept this: arithmetic on a pointer to void
    p = p + 4; //~ needs-c: C++ does not accept this: arithmetic on a pointer to void
    printf("%d %zu\n", *(int *)p, sizeof(void)); //~ needs-c: C++ does not accept this: invalid application of 'sizeof' to an incomplete type 'void'
}
