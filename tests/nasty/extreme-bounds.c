#include <limits.h>
#include <stdint.h>
void a(int *x) { for (int i = INT_MIN; i < INT_MIN + 3; i++) x[i - INT_MIN] = i; }
void b(int *x) { for (int i = INT_MAX; i > INT_MAX - 3; --i) x[INT_MAX - i] = i; }
void c(unsigned n, int *x) { for (unsigned i = n; i-- > 0;) x[i] = i; }
void d(unsigned n, int *x) { for (unsigned i = 0; i <= n; i++) x[i] = i; }
void e(uint64_t n, int *x) { for (uint64_t i = 0; i < n; i += UINT64_MAX) x[i] = 1; }
void f(int n, int *x) { for (int i = 0; i < n; i += 0) x[i] = 1; }
void g(int n, int *x) { for (int i = 0; i < n; i -= INT_MIN) x[i] = 1; }
void h(unsigned char n, int *x) { for (unsigned char i = 0; i < n; i++) x[i] = i; }
void i(int n, int *x) { for (int i = n; i != 0; i += 3) x[i] = 1; }
void j(int *x) { for (int i = 0; i < 10; i++) x[i * INT_MAX / 7] = 1 << i << 31; }
void k(int *x) { for (int i = 0; i < 3; i++) x[i] = 1 / (i - 1) + (1 << 40) + x[-1 - i]; }
void l(float n, int *x) { for (float i = 0; i < n; i += 0.1f) x[(int)i] = 1; }
void m(double *x) { for (int i = 0; i < 5; i++) x[i] = 1e999 - 1e999 + 0x1p-1074 + 0.0 / 0.0; }
void o(int n, int *x) { for (int i = 0; i < n; n--) x[i] = n; }
void p(int n, int *x) { for (;;) { if (n-- < 0) break; x[n] = 1; } }
void q(int n, int *x) { for (int i = 0, j = n; i < j; i++, j--) x[i] = j; }
void r(int n, int *x) { for (int i = 0; i < n; i++); for (int i = 0; i < n; i++) {} for (int i = 0; i < n; i++) ; }
void s(int n, int *x) { for (int i = 0; i++ < n; ) x[i] = i; }
void t(int n, int *x) { int i; for (i = 0; x[i] < n; i = i + x[i]) x[i] = i; }
