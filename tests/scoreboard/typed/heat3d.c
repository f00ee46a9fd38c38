#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define NX 128
#define NY 128
#define NZ 128
#define IDX(i, j, k) ((i) * NY * NZ + (j) * NZ + (k))

int main() {
    float *T = (float *)malloc(NX * NY * NZ * sizeof(float));
    float *Tnew = (float *)malloc(NX * NY * NZ * sizeof(float));
    float alpha = 0.1f;
    int i, j, k, t;
    for (i = 0; i < NX; i++)
        for (j = 0; j < NY; j++)
            for (k = 0; k < NZ; k++) {
                T[IDX(i, j, k)] = 0.0f;
                if (i == 0) T[IDX(i, j, k)] = 100.0f;
                Tnew[IDX(i, j, k)] = T[IDX(i, j, k)];
            }
    for (t = 0; t < 100; t++) {
        for (i = 1; i < NX - 1; i++)
            for (j = 1; j < NY - 1; j++)
                for (k = 1; k < NZ - 1; k++) {
                    Tnew[IDX(i, j, k)] = T[IDX(i, j, k)] + alpha * (
                        T[IDX(i + 1, j, k)] + T[IDX(i - 1, j, k)] +
                        T[IDX(i, j + 1, k)] + T[IDX(i, j - 1, k)] +
                        T[IDX(i, j, k + 1)] + T[IDX(i, j, k - 1)] - 6 * T[IDX(i, j, k)]);
                }
        float *tmp = T;
        T = Tnew;
        Tnew = tmp;
        if (t % 20 == 0) printf("step %d center %f\n", t, T[IDX(NX / 2, NY / 2, NZ / 2)]);
    }
    double sum = 0;
    for (i = 0; i < NX * NY * NZ; i++) sum += T[i];
    printf("average %f\n", sum / (NX * NY * NZ));
    free(T);
    free(Tnew);
    return 0;
}
