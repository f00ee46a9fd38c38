/* `sizeof` of a type of variable length is computed, with its effects. */
#include <stdio.h>

int main(void) {
    int k = 0;
    printf("%zu", sizeof(int[k++ + 2]));
    printf(" %d\n", k);
}
