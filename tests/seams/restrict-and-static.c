/* `restrict`, `static` and qualifiers in parameters; `inline`, `_Noreturn`, `_Thread_local`. */
#include <stdio.h>
#include <stdlib.h>

static _Thread_local int mine = 3;
static int sum(int n, const double x[static 2], double y[const]) {
    double s = 0;
    for (int i = 0; i < n; i++) s += x[i] * y[i];
    return (int)s;
}
_Noreturn static void quit(int n) { exit(n); }

int main(void) {
    double x[2] = { 1, 2 }, y[2] = { 3, 4 };
    printf("%d %d\n", sum(2, x, y), mine);
    fflush(stdout);
    quit(2);
}
