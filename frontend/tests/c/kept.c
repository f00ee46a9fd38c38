// What stays as it is written, with the reason.
#include <stdarg.h>
#define LOOP for (int i = 0; i < n; i++)
#define TWO(x) x = 1; x = 2
#define CHECK(c) do { if (!(c)) return; } while (0)
#define HEADER int i = 0; i < n; i++
volatile int flag;
union both { int i; float f; };
void kept(int n, int *a, union both *u, void (*f)(int), long double big, ...) {
    int x;
    static int count;
    LOOP a[i] = 0;
    for (HEADER) a[i] = 0;
    for (int i = 0; i < n; i++) TWO(x);
    CHECK(n);
    flag = 1;
    while (flag) n++;
    u->i = 1;
    f(1);
    big += 1;
    switch (n) { case 1: while (x) x--; break; default: x = 2; }
    goto out;
    x = ({ int y = n; y; });
    int z = ({ 1; });
    z = 1;
    int long_list[100] = {1};
    long_list[0] = 2;
    __asm__("nop");
    va_list list;
    va_start(list, big);
    x = *va_arg(list, int *);
    count++;
out:
    return;
}
