/* A function of a header that is a part of the text ends without `return`. */
#include <stdio.h>
#include "return-missing.h"

int main(void) {
    int a[3] = {0};
    fill(3, a);
    printf("%d\n", a[2]);
}
