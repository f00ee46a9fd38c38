#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#define L 512
static int spin[L][L];
static unsigned int rng[L][L];
static double uniform(unsigned int *s) { *s = *s * 1664525u + 1013904223u; return *s / 4294967296.0; }
int main(void) {
    double beta = 0.44;
    for (int i = 0; i < L; i++)
        for (int j = 0; j < L; j++) { spin[i][j] = (i * 7 + j * 13) % 3 ? 1 : -1; rng[i][j] = i * L + j + 1; }
    for (int sweep = 0; sweep < 100; sweep++)
        for (int color = 0; color < 2; color++)
            for (int i = 0; i < L; i++)
                for (int j = 0; j < L; j++) {
                    if ((i + j) % 2 != color) continue;
                    int s = spin[(i + 1) % L][j] + spin[(i + L - 1) % L][j] + spin[i][(j + 1) % L] + spin[i][(j + L - 1) % L];
                    double dE = 2.0 * spin[i][j] * s;
                    if (dE <= 0 || uniform(&rng[i][j]) < exp(-beta * dE)) spin[i][j] = -spin[i][j];
                }
    long m = 0;
    for (int i = 0; i < L; i++) for (int j = 0; j < L; j++) m += spin[i][j];
    printf("m = %ld\n", m);
    return 0;
}
