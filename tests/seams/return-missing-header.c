/* A function of a header ends without `return`. */
#include <stdio.h>
#include "return-missing.h" //~ needs-c: `fill` of return-missing.h may end without `return`, which C++ leaves undefined
#include "return-missing.h" // a second time, so that it stays a header

int main(void) {
    int a[3] = {0};
    fill(3, a);
    printf("%d\n", a[2]);
}
