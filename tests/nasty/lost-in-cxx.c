#include <stdatomic.h>
_Atomic int counter;
void f(int n, _Complex double *a) { for (int i = 0; i < n; i++) a[i] = a[i] * 2; }
