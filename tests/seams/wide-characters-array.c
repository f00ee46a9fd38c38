/* An array of `wchar_t` is one of `int` in C. */
#include <stddef.h>
#include <stdio.h>

int main(void) {
    wchar_t w[] = L"ab", x = -1;
    printf("%zu %d %d\n", sizeof w, (int)w[1], x < 0);
}
