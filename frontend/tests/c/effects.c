// Effects inside expressions become statements before them, in an order that C allows.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int next(int);
static int twice(int x) { return 2 * x; }
int effects(int n, int *p, int *q, double d) {
    int a, b, c;
    a = b = c = n;
    *p++ = *q++;
    p[n++] = --n;
    while (n--) *p++ += 1;
    a = next(b) + twice(c) + abs(b);
    if (a && next(b) > 0) c = 1;
    b = a || (c = next(2));
    c = n > 0 ? next(1) : 4;
    a = (b++, c + 1);
    do { a++; } while (next(a));
    printf("%d %s\n", a, "\x41\"" "b");
    d = sqrt(d) + pow(d, 2) + fabs((float)d);
    (void)next(1);
    n ? next(1) : next(2);
    for (a = next(1); a < next(5); a++) b++;
    return a, next(b);
}
