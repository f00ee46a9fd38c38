/* Tests against null where a proof could break: what is written behind the pointer, one of two, empty loops. */
#include <stdio.h>
#include <stdlib.h>
/* the pointer tested is also what the loop advances or is reached through a struct; several ways a proof could break */
struct s { int n; float *w; };
void a(int n, float *x, float *opt) {            /* writes through opt, reads back, opt may be x */
    for (int i = 0; i < n; i++) { if (opt) opt[i] = x[i] + 1; x[i] = opt ? opt[i] : 0; }
}
void b(int n, float *x, const float *p, const float *q) { /* one of two */
    for (int i = 0; i < n; i++) x[i] = p ? p[i] : (q ? q[i] : 1.0f);
}
void c(int n, int m, float *x, const float *p) { /* touched only in an inner loop that may be empty */
    for (int i = 0; i < n; i++) { x[i] = i; if (p != 0) for (int j = 0; j < m; j++) x[i] += p[i * m + j]; }
}
void d(int n, float *x, float *y, int flag) { /* different extents by flag */
    for (int i = 0; i < n; i++) { if (flag) y[i] = x[i]; else y[n + i] = x[i]; }
}
void e(int n, struct s *s, float *x) {
    for (int i = 0; i < n; i++) if (s->w) x[i] = s->w[i];
}
void f(int n, float *x, float *p) { /* the pointer changes in the loop */
    for (int i = 0; i < n; i++) { if (p) { x[i] = 1; } if (i == 3) p = 0; }
}
void g(int n, float **pp, float *x) {
    float *p = *pp;
    for (int i = 0; i < n; i++) if (p) x[i] = p[i];
}
float h(int n, const float *p) { float s = 0; for (int i = 0; i < n; i++) s += p ? p[i] : 1; return s; }
int main(void) {
    int n = 9000; float *x = calloc(2 * n, 4), *y = calloc(2 * n, 4);
    for (int i = 0; i < n; i++) x[i] = i % 13;
    a(n, x, NULL); printf("%g\n", x[5]); for (int i = 0; i < n; i++) x[i] = i % 13;
    a(n, x, y); printf("%g %g\n", x[5], y[7]); a(n, x, x); printf("%g\n", x[5]);
    b(n, y, NULL, x); printf("%g\n", y[8]); b(n, y, NULL, NULL); printf("%g\n", y[8]); b(n, y, x, NULL); printf("%g\n", y[8]);
    c(n, 0, y, NULL); printf("%g\n", y[9]); c(n, 0, y, x); printf("%g\n", y[9]); c(n, 1, y, x); printf("%g\n", y[9]); c(n, 1, y, NULL); printf("%g\n", y[9]);
    d(n, x, y, 1); printf("%g\n", y[10]); d(n, x, y, 0); printf("%g\n", y[n + 10]);
    struct s s = { n, NULL }; e(n, &s, y); s.w = x; e(n, &s, y); printf("%g\n", y[11]);
    f(n, y, x); printf("%g %g\n", y[2], y[12]);
    float *q = NULL; g(n, &q, y); q = x; g(n, &q, y); printf("%g\n", y[13]);
    printf("%g %g\n", h(n, NULL), h(n, x));
    free(x); free(y);
}
