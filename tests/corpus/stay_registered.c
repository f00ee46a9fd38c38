// A function that runs when the program ends looks at what the last loops wrote: it goes home.
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

#define N 3000

static double level[N], rate[N];

static void show(void) {
    printf("%.10g of %.10g\n", level[N - 1], rate[7]);
}

int main(void) {
    atexit(show);
    for (int i = 0; i < N; i++) {
        level[i] = i * 0.25;
        rate[i] = 1.0 / (i + 1);
    }
    for (int t = 0; t < 4; t++)
        for (int i = 0; i < N; i++)
            level[i] = level[i] * 0.5 + rate[i];
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += level[i];
    printf("%.10g\n", sum);
    return 0;
}
