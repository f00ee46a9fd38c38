/* Pointers compared with zero, with integers and with each other. */
#include <stdio.h>

int main(void) {
    int a[4], *p = a + 1;
    printf("%d %d %d %d %d\n", p > a, p != 0, !p, p - a == 1, a + 4 > p);
    if (p && a) puts("both");
    void *v = p;
    const int *c = a;
    printf("%d %d\n", v == p, c < p);
}
