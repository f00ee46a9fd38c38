/* Objects of static storage in inline functions and blocks; names without linkage twice. */
#include <stdio.h>

static int count(void) { static int n = 5; { static int n = 1; n++; } return n++; }

int main(void) {
    count();
    { extern int shared; printf("%d %d\n", count(), shared); }
}
int shared = 9;
