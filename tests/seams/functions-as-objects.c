/* C compilers take the address of a function for one of an object. */
#include <stdio.h>

struct entry { const char *name; const void *address; };

static double half(double x) { return x / 2; }
static double sum(double x, double y) { return x + y; }

static const struct entry ENTRIES[] = { { "half", half }, { "sum", (const void *)sum } };

int main(void) {
    void *p = half;
    const void *q;
    q = sum;
    double (*one)(double) = p;
    double (*two)(double, double) = (double (*)(double, double))q;
    printf("%g %g %d\n", one(3), two(1, 2), ENTRIES[0].address == p && ENTRIES[1].address == q);
    return 0;
}
