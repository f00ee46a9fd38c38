// Which loops count, and which may not.
void use(int);
enum { SIZE = 8 };
#define STEP 2
void counted(int n, unsigned u, long l, unsigned long ul, char c, short *a, int m) {
    int i;
    for (i = 0; i < n; i++) a[i] = 0;
    for (int i = n - 1; i >= 0; --i) a[i] = 0;
    for (int i = 0; i <= n - 1; i++) a[i] = 0;
    for (int i = 0; i <= n; i += STEP) a[i] = 0;
    for (int i = 0; n > i; i = i + 3) a[i] = 0;
    for (int i = n; i > 0; i -= 2) a[i] = 0;
    for (int i = 0; i != n; i++) a[i] = 0;
    for (unsigned i = 0; i < u; i++) a[i] = 0;
    for (unsigned i = 0; i <= u; i++) a[i] = 0;
    for (unsigned long i = 0; i < ul; i++) a[i] = 0;
    for (int i = 0; i < ul; i++) a[i] = 0;
    for (int i = 0; i < u; i++) a[i] = 0;
    for (int i = 0; i < SIZE; i++) a[i] = 0;
    for (long i = n; i <= l; i++) a[i] = 0;
    for (char i = 0; i < 100; i++) a[i] = 0;
    for (int i = 0; (long)i < l; i++) a[i] = 0;
    for (; i < n; ++i) a[i] = 0;
}
void uncounted(int n, unsigned u, unsigned long ul, char c, short *a, double d, int *p) {
    int i, j;
    for (unsigned long i = 0; i <= ul; i++) a[i] = 0;
    for (unsigned i = u; i >= 0; i--) a[i] = 0;
    for (unsigned i = 0; i < u; i += 2) a[i] = 0;
    for (char i = 0; i < n; i++) a[i] = 0;
    for (unsigned i = 0; i < ul; i++) a[i] = 0;
    for (int i = n; i < u; i++) a[i] = 0;
    for (int i = 0; i != n; i += 2) a[i] = 0;
    for (int i = 0; i != n; i++) use(i);
    for (int i = 0; i < n; i--) a[i] = 0;
    for (int i = 0; i < n; i += *p) a[i] = 0;
    for (int i = 0; i < n; i++) if (a[i]) i += 2;
    for (int i = 0; i < n; i++) { p = &i; *p = 3; }
    for (int i = 0; i < n && a[i]; i++) a[i] = 0;
    for (double x = 0; x < 10; x += 0.5) a[(int)x] = 0;
    for (short *q = a; q < a + n; q++) *q = 0;
    for (i = 0, j = n; i < j; i++) a[i] = j;
    for (int i = 0, j = n; i < j; i++, j--) a[i] = j;
    for (int i = 0; i < n; i += 1u) a[i] = 0;
    for (;;) break;
    for (int i = 0; (unsigned char)i < n; i++) a[i] = 0;
}
