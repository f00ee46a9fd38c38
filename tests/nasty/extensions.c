#include <stdarg.h>
typedef float v4 __attribute__((vector_size(16)));
int g(int n, ...) {
    va_list list;
    int s = 0;
    va_start(list, n);
    for (int i = 0; i < n; i++) s += va_arg(list, int);
    va_end(list);
    return s;
}
void h(int n, v4 *a) { for (int i = 0; i < n; i++) a[i] = a[i] + a[i]; }
int e(int n, int *a) {
    for (int i = 0; i < n; i++) a[i] = ({ int t = a[i]; t * t; });
    return __builtin_expect(n > 3, 1) ? n ?: 4 : 2;
}
void q(int n, __int128 *a) { for (int i = 0; i < n; i++) a[i] = a[i] * 2; }
void l(int n, long double *a) { for (int i = 0; i < n; i++) a[i] = a[i] * 2; }
