// Every directive of printf that the interpreter knows, at its limits.
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
static const char *text = 0;
int main(void) {
    double values[] = {0.0, -0.0, 1.0, -1.5, 0.1, 123456789.0, 1e-5, 0.0001, 999999.25, 1e300, DBL_MIN, 5e-324, 2.5, 3.5, 1e6, 1e5};
    for (int i = 0; i < 16; i++) {
        double v = values[i];
        printf("%f|%e|%g|%.0f|%.0e|%.0g|%#.0f|%#g|%G|%E\n", v, v, v, v, v, v, v, v, v, v);
        printf("%12.3f|%-12.3e|%+g|% g|%012.4f|%.17g|%.15e|%10g|\n", v, v, v, v, v, v, v, v);
    }
    printf("%f %e %g %F %+f %010f %-6g|\n", INFINITY, -INFINITY, INFINITY, -INFINITY, INFINITY, INFINITY, INFINITY);
    int numbers[] = {0, 1, -1, 42, INT_MAX, INT_MIN};
    for (int i = 0; i < 6; i++) {
        int n = numbers[i];
        printf("%d|%i|%u|%o|%x|%X|%#x|%#o|%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%.0d|\n", n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n);
        printf("%ld|%lu|%lld|%zu|%hd|%hhd|%hhu|%lx\n", (long)n, (unsigned long)n, (long long)n, (size_t)n, n, n, n, (long)n);
    }
    printf("%s|%10s|%-10s|%.2s|%c|%3c|%%|%*d|%-*d|%.*f|\n", "word", "word", "word", "word", 'x', 'y', 6, 7, 6, 7, 2, 3.14159);
    printf("%*d|%.*f|\n", -6, 7, -1, 2.5);
    puts("done");
    putchar('!');
    putchar('\n');
    return text != 0;
}
