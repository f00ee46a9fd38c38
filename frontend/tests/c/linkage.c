// What other C files share keeps its name for the linker.
#include <stdio.h>
#include "tests/include/shared.h"
#define API __attribute__((visibility("default")))
#define OTHER extern
const double factors[2] = {0.5, 0.25};
static const int own = 3;
int counter;
extern int elsewhere(int);
OTHER void hidden_word(int n);
API int marked(int n) { return elsewhere(n) + own; }
__attribute__((noinline)) int attributed(int n);
int attributed(int n) { hidden_word(n); return marked(n) + counter; }
static int local(bool flag) { return flag == true; }
void exported(int n, double *x) {
    struct item item = {.private = local(false), .count = 1};
    for (int i = 0; i < n; i++)
        x[i] = twice(x[i]) * factors[i % 2];
    x[0] = other_norm(&item, item.private) + attributed(n);
}
