/* mupac has no file of C90 without `//`. */
#include <stdio.h>

int main(void) {
    int a = 10 //* two */ 2
    ;
    printf("%d\n", a);
    return 0;
}
