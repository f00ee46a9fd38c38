// The loops are one region, and the program ends without looking at what it wrote.
// mupac: --cpu-threshold 0
#include <stdio.h>

#define N 3000

static double level[N], rate[N];

int main(void) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
        level[i] = i * 0.25;
        rate[i] = 1.0 / (i + 1);
    }
    for (int i = 0; i < N; i++)
        sum += level[i] * rate[i];
    printf("%.10g\n", sum);
    return 0;
}
