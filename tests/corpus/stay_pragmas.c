// Pragmas mean nothing in the program that is translated: arrays stay all the same, what is prepared for stands before the
// pragma, and since threads would each run the blocks below `parallel`, a compiler that heeds it stops.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 2000
#define STEPS 6

static double u[N], v[N], seen[STEPS];

int main(void) {
    int i, t;
    double sum = 0.0;
    for (i = 0; i < N; i++) u[i] = i % 13;
    for (t = 0; t < STEPS; t++) {
#pragma omp parallel private(i) \
    shared(sum)
        {
#pragma omp for nowait
            for (i = 1; i < N - 1; i++)
                v[i] = 0.5 * (u[i - 1] + u[i + 1]);
#pragma omp single
            // The device has the newer one.
            sum += v[t + 1];
#pragma omp for
            for (i = 1; i < N - 1; i++)
                u[i] = v[i];
#pragma omp master
            if (t == 3)
#pragma omp critical
                u[t] = sum;
        }
        seen[t] = sum;
    }
    printf("%.9e %.9e\n", sum + seen[2], u[40] + v[3]);
    return 0;
}
