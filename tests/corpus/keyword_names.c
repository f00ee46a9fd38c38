/* Names that are keywords of C++ or that nvcc takes, in a program of one file. */
#include <stdio.h>

struct item { int new, private; };
static int template = 3;

void delete(int n, struct item *class) {
    for (int this = 0; this < n; this++)
        class[this].new = class[this].private * template + this;
}

int max(int a, int b) { return a > b ? a : b; }

int main(void) {
    struct item items[100];
    for (int i = 0; i < 100; i++) {
        items[i].new = 0;
        items[i].private = 100 - i;
    }
    delete(100, items);
    printf("%d %d\n", items[7].new, max(items[1].new, items[2].new));
    return 0;
}
