/* Fills the lower triangle of a matrix, then mirrors it. */
#include <stdio.h>

#define N 150

static float m[N][N];

static void fill(const float *x) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j <= i; j++)
            m[i][j] = x[i] * x[j] + 0.5f * j;
}

static void mirror(void) {
    for (int i = 0; i < N; i++)
        for (int j = i + 1; j < N; j++)
            m[i][j] = m[j][i];
}

int main(void) {
    float x[N];
    for (int i = 0; i < N; i++)
        x[i] = (i % 9) - 4.0f;
    fill(x);
    mirror();
    for (int i = 0; i < N; i += 37)
        printf("%.2f %.2f %.2f\n", m[i][0], m[i][i], m[i][N - 1]);
    return 0;
}
