/* A function that is not `void` may end without `return` where nobody uses its value. */
#include <stdio.h>
#include <stdlib.h>

#define END }
#define FINISH exit(3)

static int fill(int n, int *a) {
    for (int i = 0; i < n; i++)
        a[i] = i;
}

static double *touch(double *x) {
    if (*x > 0)
        return x;
    *x = 1;
}

struct pair { int a; double b; };
static struct pair note(int *where) {
    *where = 7;
}

static int wait_for(int n, int *a) {
    while (1) {
        a[0] += n;
        if (a[0] > 100)
            break;
    }
}

static int by_macro(int *a) {
    a[1] = 5;
END

static int choose(int k, int *a) {
    switch (k) {
    case 0: return 1;
    case 1: a[2] = 9; break;
    default: return 3;
    }
}

static int leave(int k, int *a) {
    if (k) goto out;
    return 4;
out:
    a[3] = 8;
}

static _Noreturn void stop(void) { exit(4); }
_Noreturn static void end(void) { stop(); }

static int never(int k) {
    if (k > 1000) return 1;
    end();
}

static int certain(int k) {
    for (;;) {
        if (k > 5) return k;
        k++;
    }
}

static void (*handler(void))(int) {
    puts("handler");
}

int main(void) {
    int a[200] = {0};
    double x = 0;
    struct pair p;
    fill(200, a);
    touch(&x);
    note(&a[9]);
    wait_for(7, a);
    by_macro(a);
    choose(1, a);
    leave(1, a);
    handler();
    if (a[0] == 12345) never(3);
    for (int i = 0; i < 12; i++)
        printf("%d ", a[i]);
    printf("%g %d\n", x, certain(2));
}
