/* Structures that are `volatile` are copied in C; C++'s copy does not take them. */
#include <stdio.h>

struct pair { int a, b; };
static volatile struct pair shared = { 1, 2 };

int main(void) {
    struct pair mine = shared; //~ needs-c: C++ does not accept this: no matching constructor for initialization of 'struct pair_'
    mine.a++;
    shared = mine; //~ needs-c: C++ does not accept this: no viable overloaded '='
    volatile int n = 1;
    n++;
    n += 2;
    printf("%d %d %d\n", shared.a, shared.b, n);
}
