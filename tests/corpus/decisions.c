// Conditions that read what other iterations write: two loops stay in order, two others need not.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 3000

static int x[N], y[N], c[N];

int main(void) {
    int most = 0;
    for (int i = 0; i < N; i++) {
        x[i] = i * 37 % 4001;
        y[i] = i % 3;
    }
    // Every iteration reads y[0], and one of them writes it.
    for (int i = 0; i < N; i++) {
        if (y[0] > 5) continue;
        if (i == 0) y[0] = 2;
    }
    // What is skipped depends on the greatest value so far.
    for (int i = 0; i < N; i++) {
        if (x[i] > most) {
            if (y[i]) continue;
            most = x[i];
        }
        c[i] = 1;
    }
    for (int i = 0; i < N; i++)
        if (x[i] > most) most = x[i];
    for (int i = 0; i < N; i++) {
        if (x[i] > 2000)
            for (int j = 0; j < 2; j++) x[i] -= 1000;
    }
    long sum = 0;
    for (int i = 0; i < N; i++) sum += x[i] + 2 * c[i] + y[i];
    printf("%d %ld\n", most, sum);
    return 0;
}
