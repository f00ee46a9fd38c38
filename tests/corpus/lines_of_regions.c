// mupac: --cpu-threshold 0
/* What a line makes of a macro is the same in a kernel, in the loop that runs where a guard fails, and behind it. */
#define HERE (__LINE__ % 13)
long add(int n, int *x, int *y) {
    long r = 0;
    { for (int i = 0; i < n; i++) x[i] = y[i] + HERE; r = HERE; }
    for (int i = 0; i < n; i++) y[i] -= HERE;
    { r += HERE; for (int i = 0; i < n; i++)
        x[i] ^= HERE; r *= HERE; }
    return r;
}

long test(int n, int *x, int *y) {
    long r = 0;
    if (n % 7 < HERE) { r += HERE; for (int i = 0; i < n; i++) x[i] = y[i] + HERE; r += HERE; }
    for (int i = 0; i < n; i++) y[i] -= HERE;
    r += x[HERE % n] + HERE;
    for (int i = 0; i < n; i++) y[i] -= x[i];
    return r + HERE;
}
