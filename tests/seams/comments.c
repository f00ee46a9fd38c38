/* Comments: `//` in C90 is a division. */
#include <stdio.h>

int main(void) {
    int a = 10 //* two */ 2
    ;
    printf("%d\n", a);
}
