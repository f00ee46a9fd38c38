/* GNU C initialises flexible array members of static objects. */
#include <stdio.h>

struct list { int n; int x[]; };
static struct list three = { 3, { 1, 2, 3 } };

int main(void) { printf("%d %d\n", three.n, three.x[2]); }
