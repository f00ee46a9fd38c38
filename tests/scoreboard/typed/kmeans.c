#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#define N 50000
#define D 4
#define K 8
static float pts[N][D], cent[K][D];
static int label[N];
int main(void) {
    for (int i = 0; i < N; i++)
        for (int d = 0; d < D; d++) pts[i][d] = (float)rand() / RAND_MAX;
    for (int k = 0; k < K; k++)
        for (int d = 0; d < D; d++) cent[k][d] = pts[k * 7][d];
    int changed = 1, iter = 0;
    while (changed && iter < 20) {
        changed = 0;
        for (int i = 0; i < N; i++) {
            float best = FLT_MAX;
            int bk = 0;
            for (int k = 0; k < K; k++) {
                float s = 0;
                for (int d = 0; d < D; d++) {
                    float t = pts[i][d] - cent[k][d];
                    s += t * t;
                }
                if (s < best) {
                    best = s;
                    bk = k;
                }
            }
            if (label[i] != bk) {
                label[i] = bk;
                changed++;
            }
        }
        float sum[K][D] = {0};
        int cnt[K] = {0};
        for (int i = 0; i < N; i++) {
            cnt[label[i]]++;
            for (int d = 0; d < D; d++) sum[label[i]][d] += pts[i][d];
        }
        for (int k = 0; k < K; k++)
            if (cnt[k])
                for (int d = 0; d < D; d++) cent[k][d] = sum[k][d] / cnt[k];
        iter++;
    }
    printf("%d iterations\n", iter);
    for (int k = 0; k < K; k++) printf("%.3f %.3f\n", cent[k][0], cent[k][1]);
}
