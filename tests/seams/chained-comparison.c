/* Comparisons in a row: of `int` in C, of `bool` in C++. */
#include <stdio.h>

int main(void) {
    int a = 3, b = 2, c = 1;
    printf("%d %d %d\n", a == b == 0, (a > b) == c, !a == !b);
    printf("%d %zu\n", ((a > b) < c) + (a != b), sizeof((a > b) < c));
}
