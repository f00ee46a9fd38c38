/* A pointer to `wchar_t` is one to `int` in C. */
#include <stddef.h>
#include <stdio.h>

int main(void) {
    wchar_t w[] = L"ab";
    int *i = w; //~ needs-c: C++ does not accept this: cannot initialize a variable of type 'int *' with an lvalue of type 'wchar_t[3]'
    printf("%d\n", i[0]);
}
