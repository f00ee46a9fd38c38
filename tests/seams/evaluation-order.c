/* The order of operands that C and C++17 both say; of the others C says nothing, so a program may not count on one. */
#include <stdio.h>

static int n;
static int next(void) { return ++n; }
static int say(int k) { printf("%d ", k); return k; }

int main(void) {
    int a[4] = {0};
    int k = (say(1), say(2));
    k = say(3) && say(0) && say(4);
    k = say(0) || say(5) || say(6);
    k = say(7) ? say(8) : say(9);
    a[0] = next();
    a[1] = next() + a[0];
    int i = 1;
    i += a[i];
    i = i++ ? i : -i;
    printf("%d %d %d %d\n", k, a[0], a[1], i);
}
