// Locals of helpers and of blocks have the names of enumeration constants, by macros too, and of a type and functions.
// mupac: --cpu-threshold 100
#include <math.h>
#include <stdio.h>
enum { N = 4, M = 3 };
#define W (M + 1)
static const int K = 6;
typedef struct { int n; double v; } item;
static int x[3000], y[3000];
static item items[3000];
static int grown(int v) {
    int N = v, M = 2, K = 1;
    for (int k = 0; k < 3; k++)
        N += k * N + M + K;
    return N;
}
static double halved(double v) {
    double item = v;
    for (int k = 0; k < 3; k++)
        item = item * 0.5 + k;
    return item;
}
static double root(double v) { return sqrt(v) + fabs(v); }
int main(void) {
    double sqrt = 2, fabs = 3;
    for (int i = 0; i < 3000; i++)
        x[i] = i & 15;
    for (int i = 0; i < 3000; i++)
        y[i] = grown(x[i]) * N + W * K;
    for (int i = 0; i < 3000; i++) {
        {
            int N = x[i] * 2;
            x[i] = N + 1;
        }
        x[i] *= N;
    }
    for (int i = 0; i < 3000; i++) {
        item one = {y[i] & 7, x[i]};
        one.v = halved(one.v) + root(one.n) * sqrt + fabs;
        items[i] = one;
    }
    printf("%d %d %.9g\n", x[17], y[77], items[99].v);
    return 0;
}
