/* `sizeof` of an element of an array of variable length. */
#include <stdio.h>

int main(void) {
    int m = 3;
    int b[m];
    printf("%zu\n", sizeof b / sizeof *b);
}
