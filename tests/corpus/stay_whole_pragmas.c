// All that these pragmas speak of is replaced or kept as a whole: the text may be compiled with OpenMP.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 2000

static float x[N], y[N], weight[4];

// Where these pointers lead is not followed.
static void spread(float **part) {
    #pragma omp parallel for
    for (int k = 0; k < 4; k++) part[k][0] += y[k];
}

int main(void) {
    float *part[4] = {weight, weight + 1, x + 2, weight + 3};
    #pragma omp parallel for
    for (int i = 0; i < N; i++) x[i] = i % 11;
    for (int t = 0; t < 5; t++) {
        #pragma omp parallel for simd schedule(static)
        for (int i = 0; i < N; i++) y[i] = 0.5f * x[i] + t;
        spread(part);
        #pragma omp parallel for
        for (int i = 0; i < N; i++) x[i] += y[i];
    }
    printf("%g %g %g %g\n", x[2], x[7], y[8], weight[3]);
    return 0;
}
