/* The name of the function that is called comes out of a macro. */
#include <stdio.h>
#include <stdlib.h>

#define ALLOCATE malloc

int main(void) {
    int *a = ALLOCATE(4 * sizeof(int)), *b;
    b = ALLOCATE(sizeof *b);
    a[3] = 4, *b = 5;
    printf("%d %d\n", a[3], *b);
    free(a), free(b);
    return 0;
}
