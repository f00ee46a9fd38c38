/* `++` on a truth value; C++17 has none. */
#include <stdbool.h>
#include <stdio.h>

int main(void) {
    bool t = false;
    t++; //~ needs-c: C++ does not accept this: incrementing expression of type bool is deprecated and incompatible with C++17
    t++; //~ needs-c: C++ does not accept this: incrementing expression of type bool is deprecated and incompatible with C++17
    printf("%d\n", t);
}
