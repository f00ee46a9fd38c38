/* Tags of nested structures belong to the file in C, to the outer structure in C++. */
#include <stdio.h>

struct outer {
    struct inner { int a; enum kind { RED, BLUE } k; } i;
    union part { int x; float y; } u;
};

int main(void) {
    struct inner one = { 4, BLUE }; //~ needs-c: C++ does not accept this: variable has incomplete type 'struct inner'
    union part two = { 3 }; //~ needs-c: C++ does not accept this: variable has incomplete type 'union part'
    enum kind kind = RED; //~ needs-c: C++ does not accept this: variable has incomplete type 'enum kind'
    struct outer all = { one, two };
    printf("%d %d %d %d\n", all.i.a, all.i.k, all.u.x, kind); //~ needs-c: C++ does not accept this: 'kind' does not refer to a value
    printf("%zu\n", sizeof(struct inner)); //~ needs-c: C++ does not accept this: invalid application of 'sizeof' to an incomplete type 'struct inner'
}
