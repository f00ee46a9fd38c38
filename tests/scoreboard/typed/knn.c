#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <float.h>
#define N 20000
#define DIM 16
#define Q 500

float points[N][DIM];
float queries[Q][DIM];
int nearest[Q];

int main() {
    srand(42);
    for (int i = 0; i < N; i++)
        for (int d = 0; d < DIM; d++)
            points[i][d] = (float)rand() / RAND_MAX;
    for (int i = 0; i < Q; i++)
        for (int d = 0; d < DIM; d++)
            queries[i][d] = (float)rand() / RAND_MAX;
    for (int q = 0; q < Q; q++) {
        float best = FLT_MAX;
        int best_i = -1;
        for (int i = 0; i < N; i++) {
            float dist = 0;
            for (int d = 0; d < DIM; d++) {
                float diff = points[i][d] - queries[q][d];
                dist += diff * diff;
            }
            dist = sqrtf(dist);
            if (dist < best) {
                best = dist;
                best_i = i;
            }
        }
        nearest[q] = best_i;
    }
    long sum = 0;
    for (int q = 0; q < Q; q++) sum += nearest[q];
    printf("%ld\n", sum);
    return 0;
}
