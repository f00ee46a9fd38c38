/* C jumps past initialisers of scalars, C++ does not. */
#include <stdio.h>

static int f(int k) {
    if (k) goto out; //~ needs-c: C++ does not accept this: cannot jump from this goto statement to its label
    int t = k + 1;
    printf("%d\n", t);
out:
    return k;
}

int main(void) { return f(0) + f(1); }
