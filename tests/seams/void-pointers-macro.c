/* The pointer stands in a macro, and nothing can be written before it. */
#include <stdio.h>

#define BASE memory

int main(void) {
    int a[2] = { 1, 2 };
    void *memory = a;
    int *second = BASE + 4; //~ needs-c: C++ has no arithmetic on pointers to `void`, and a macro makes one
    printf("%d\n", *second);
    return 0;
}
