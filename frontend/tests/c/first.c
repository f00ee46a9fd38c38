#include <math.h>
#include <stdlib.h>
#define N 512
typedef struct { double x, y[3]; } body;
struct S { int a:3; int b; };
void f(int n, int m, double a[n][m], double (*restrict b)[m], body *p, char c, unsigned u) {
  for (;;) { c += 1; break; }
  for (int i = 0; i < n; i++) a[i][0] = u + c + sqrt(p->y[1]) + sqrtf(p[i].x) + N + (int)'a' + sizeof(int) ;
  double *q = malloc(N * sizeof *q);
  q = NULL;
  int k = u ? n : m, z[4] = {1,2};
  c <<= u; p->x++;
  *q++ = c && u;
  f(n, m, a, b, p, c, u);
  _Bool t = k; t = !k;
  k = c ?: 2;
}
