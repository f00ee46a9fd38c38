/* Arguments of functions in the old style and of `...` are promoted. */
#include <stdarg.h>
#include <stdio.h>

static double sum(int n, ...) {
    va_list all;
    double s = 0;
    va_start(all, n);
    for (int i = 0; i < n; i++) s += va_arg(all, double);
    va_end(all);
    return s;
}

int main(void) {
    float f = 1.5f;
    char c = 'x';
    _Bool b = 1;
    short h = -2;
    printf("%g %c %d %d %zu\n", sum(2, f, 2.5), c, b, h, sizeof(+c));
}
