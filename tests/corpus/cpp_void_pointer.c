// mupac: --cpu-threshold 100
/* Comparing with `void *` means the same in C and C++, although each converts another operand. */
#include <stdio.h>
#include <stdlib.h>

#define NOWHERE ((void *)-1)

int main(void) {
    float *a = malloc(1000 * sizeof *a);
    void *b = a;
    if (a == NOWHERE || a == NULL || b != a)
        return 1;
    for (int i = 0; i < 1000; i++)
        a[i] = i * 0.5f;
    printf("%g %g\n", a[1], a[999]);
    free(a);
    return 0;
}
