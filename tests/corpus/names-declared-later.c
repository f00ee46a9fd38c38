// Helpers need a variable and a structure that their callers do not know yet.
// mupac: --cpu-threshold 100
#include <stdio.h>
struct item;
static void bump(int n);
static void kick(int n, struct item *p);
static double h[3000];
static void run(int n, int steps, struct item *p) {
    for (int step = 0; step < steps; step++) {
        bump(n);
        for (int i = 0; i < n; i++)
            h[i] += 2;
    }
    for (int step = 0; step < steps; step++) {
        kick(n, p);
        for (int i = 0; i < n; i++)
            h[i] += 1;
    }
}
static double g[3000];
struct item { double a, b; };
static struct item items[3000];
static void bump(int n) {
    for (int i = 0; i < n; i++)
        g[i] += 1;
}
static void kick(int n, struct item *p) {
    for (int i = 0; i < n; i++)
        p[i].a += 1;
}
int main(void) {
    run(3000, 4, items);
    printf("%g %g %g\n", g[7], h[8], items[9].a);
    return 0;
}
