/* Character constants are `int` in C and `char` in C++. */
#include <stdio.h>

int main(void) {
    printf("%zu %zu %d\n", sizeof 'a', sizeof('a' + 0), 'a' << 20);
    printf("%d\n", (int)sizeof((char)'a'));
    printf("%d %d\n", '\377', 'ab');
}
