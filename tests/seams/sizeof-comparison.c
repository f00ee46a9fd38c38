/* Comparisons, `!`, `&&` are `int` in C and `bool` in C++. */
#include <stdbool.h>
#include <stdio.h>

int main(void) {
    int a = 1, b = 2;
    printf("%zu %zu %zu %zu\n", sizeof(a < b), sizeof(!a), sizeof(a && b), sizeof(true));
    printf("%d %d %d\n", -(a < b), ~(a < b), (a < b) << 30);
    printf("%d %d %d\n", (a < b) + (a < b), (3 > 2) > 1, a == b == 0);
    bool t = 2;
    t += 5;
    printf("%d %zu %d\n", t, sizeof(bool), -t);
}
