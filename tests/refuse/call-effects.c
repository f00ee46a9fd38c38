#include <stdio.h>

static int state;
static volatile int port;

static void log_value(int i, double x) {
    if (x < 0) printf("%d is negative\n", i);
}

static void send(int x) { port = x; }

static void report(int i, double x) { log_value(i, x); }

static int next_number(void) {
    static int seed;
    seed = seed * 5 + 1;
    return seed;
}

static double previous(double *p, int i) {
    p[i] = p[i - 1] * 0.5;
    return p[i];
}

static int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

static void fill(double *p, int n) {
    while (n-- > 0) *p++ = 1;
}

static int first(const int *p, int n, int x) {
    for (int i = 0; i < n; i++) //~ early-exit: may leave early by return
        if (p[i] == x) return i;
    return -1;
}

static void remember(int x) { state = x; }

void loops(int n, double *a, int *b, double rows[64][64]) {
    for (int i = 0; i < n; i++) //~ side-effect: calls log_value, which calls printf
        log_value(i, a[i]);
    for (int i = 0; i < n; i++) //~ side-effect: calls report, which calls log_value, which calls printf
        report(i, a[i]);
    for (int i = 0; i < n; i++) //~ side-effect: calls send, which touches the volatile object port
        send(b[i]);
    for (int i = 0; i < n; i++) //~ unknown-call: calls next_number, which keeps the variable seed from call to call at line 16
        b[i] = next_number();
    for (int i = 1; i < n; i++) //~ carried-dependence: i = 2 reads a[1], which i = 1 wrote
        a[i] = previous(a, i) + 1;
    for (int i = 0; i < n; i++) //~ unknown-call: calls fibonacci, which calls itself at line 25
        b[i] = fibonacci(b[i]);
    for (int i = 0; i < 64; i++) //~ too-small: 4096 iterations are too few to pay for a launch (8192 would do)
        fill(rows[i], 64);
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 reads b[0], which i = 0 wrote
        b[i] = first(b, n, i);
    for (int i = 0; i < n; i++) //~ unsupported: a loop that leaves no result is not supported
        remember(b[i]);
}
