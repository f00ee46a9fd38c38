// Macros that make a loop and more: no loop of theirs stands by itself, and what else they make goes on.
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>

#define N 400
#define RAISE(a, n) { for (int i = 0; i < n; i++) a[i] += i; } if (n > 4000) exit(3)
#define FREE_ALL(t, n) for (int i = 0; i < n; i++) t[i] = 0; free(t)
#define ELSE_FOR(i, n) else for (int i = 0; i < n; i++)
#define CALLED(a, n) enum { K = 7 }; static int calls; for (int i = 0; i < n; i++) a[i] = i * K;
#define OPEN_FOR(i, n) { for (int i = 0; i < n; i++)
#define CLOSE }
#define SEMICOLON ;

enum { K = 5 };
static int calls = 100, rare;
static double a[N], b[N];

static void raise_all(double *p, int n) { RAISE(p, n); }
static void done(double *t, int n) { if (n > 0) FREE_ALL(t, n); }
static int otherwise(int m) { int x = 1; if (m > 5) x = 2; ELSE_FOR(i, N) a[i] = i * 3.0; return x; }
static int called(double *p, int n) { CALLED(p, n) calls++; return n > 5000 ? K : calls; }
static void braced(void) { OPEN_FOR(i, N) b[i] = i * 0.5; CLOSE }
static void ended(int n) { if (n > 60) for (int i = 0; i < n; i++) b[i] += 3 SEMICOLON else b[0] = 1 SEMICOLON }
// A condition that never holds may do something all the same.
static void put(double *p, int i, int n) { do { p[i] += 1; } while ((rare += n > 300, 0)); }
static void put_all(double *p, int n) { for (int i = 0; i < n; i++) put(p, i, n); }
// Elements of another type lie elsewhere.
static void every_fourth(float *p, int n) {
    float *e = p + n;
    while (p < e) {
        *p += 1;
        p = (float *)((char *)p + 4 * sizeof *p);
    }
}

int main(void) {
    float *f = calloc(N, sizeof *f);
    raise_all(a, N);
    done(calloc(N, sizeof(double)), N);
    int x = otherwise(7) + otherwise(3);
    x += called(b, N);
    braced();
    ended(N);
    put_all(a, N);
    every_fourth(f, N);
    double sum = f[0] + f[1] + f[4] * 2 + f[399];
    for (int i = 0; i < N; i++) sum += a[i] + b[i];
    printf("%d %d %d %.9g\n", x, calls, rare, sum);
    free(f);
    return 0;
}
