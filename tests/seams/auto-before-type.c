/* `auto` as a storage class; in C++ it stands for a type. */
#include <stdio.h>

int main(void) {
    auto int n = 2;
    printf("%d\n", n);
}
