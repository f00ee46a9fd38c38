/* Enumerators are `int` in C, of their enumeration in C++. */
#include <stdio.h>

enum small { FIRST, SECOND };
enum wide { LOW = -1, HIGH = 5 };
enum __attribute__((packed)) tight { ONE, TWO };

int main(void) {
    enum small e = FIRST;
    enum wide w = LOW;
    enum tight t = TWO;
    printf("%zu %zu %zu %zu %zu\n", sizeof(FIRST), sizeof(e), sizeof(w), sizeof(TWO), sizeof t);
    printf("%d %d %d\n", e - 1 < 0, FIRST - 1 < 0, w < 0);
    unsigned u = 3;
    printf("%d %d\n", e - 1 > 100, (int)(u + LOW));
    printf("%g %g\n", (double)(e - 1), 0.5 * (SECOND - 2));
    printf("%lu\n", (unsigned long)(e - 1));
    e = 1;
    e |= 2;
    e++;
    printf("%d %d\n", e, ~e < 0);
    int k = e;
    switch (e) { case FIRST: k = 9; break; case 4: k = 8; break; default: break; }
    printf("%d %d\n", k, t);
}
