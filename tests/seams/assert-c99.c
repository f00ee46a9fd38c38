// mupac: -std=c99
/* The C library defines `assert` otherwise for a C without extensions. */
#include <assert.h>
#include <stdio.h>

int main(void) {
    int n = 3, sum = 0;
    assert(n == 3);
    for (int i = 0; i < n; i++) {
        assert(i < n && "small");
        sum += i;
    }
    printf("%d\n", sum);
    return 0;
}
