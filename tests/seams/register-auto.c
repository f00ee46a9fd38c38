/* `register` and `auto` as storage; a parameter that is `register`. */
#include <stdio.h>

static int f(register int n) {
    register int i;
    int sum = 0;
    for (i = 0; i < n; i++) sum += i;
    return sum;
}

int main(void) { printf("%d\n", f(5)); }
