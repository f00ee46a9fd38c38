// Lengths of arrays are said by the names of the source, where these mean the same in front of the function and at the loop.
#include <stdio.h>

enum { N = 64, M = 48 };
static double a[N][M], b[N][M];

#define K 7
#define LENGTH (3 * K)
#define HALO (K + 2)
static int t[LENGTH][K], edge[HALO][K + 2];

#define OLD 32
static float before[OLD][OLD];
#undef OLD
#define OLD 30

// A parameter, a local variable and a local constant with the name of one of the file.
static void fill(int N, double x) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N && j < 48; j++) a[i][j] = x + i * j;
}

static void scale(double M) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < 48; j++) b[i][j] = M * a[i][j];
}

static void add(void) {
    enum { N = 10 };
    for (int i = 0; i < N; i++)
        for (int j = 0; j < M; j++) b[i][j] += a[i][j];
}

static void integers(int x, int (*own)[K], int given[LENGTH][K]) {
    for (int i = 0; i < LENGTH; i++)
        for (int j = 0; j < K; j++) t[i][j] = own[i][j] + given[i][j] + x;
    for (int i = 0; i < HALO; i++)
        for (int j = 0; j < HALO; j++) edge[i][j] = i - j;
}

static void old(void) {
    for (int i = 0; i < OLD; i++)
        for (int j = 0; j < OLD; j++) before[i][j] = i + j;
}

int main(void) {
    static int own[LENGTH][K], given[LENGTH][K];
    fill(40, 2.0);
    scale(3.0);
    add();
    integers(3, own, given);
    old();
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < M; j++) sum += b[i][j];
    printf("%g %d %d %g\n", sum, t[3][4], edge[8][1], before[29][3]);
    return 0;
}
