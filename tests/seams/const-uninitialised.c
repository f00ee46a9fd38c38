/* A local `const` without a value. */
#include <stdio.h>

struct s { int a; const int b; };

int main(void) {
    const int never; //~ needs-c: C++ does not accept this: default initialization of an object of const type 'const int'
    static const int zero; //~ needs-c: C++ does not accept this: default initialization of an object of const type 'const int'
    struct s s = { 1 };
    printf("%d %d\n", zero, s.b);
}
