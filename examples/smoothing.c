/* Exponential smoothing: every value needs the smoothed one before it, so the loop stays sequential. */
#include <stdio.h>

static void smooth(int n, float rate, const float *x, float *y) {
    y[0] = x[0];
    for (int i = 1; i < n; i++)
        y[i] = rate * x[i] + (1 - rate) * y[i - 1];
}

int main(void) {
    float x[1000], y[1000];
    for (int i = 0; i < 1000; i++)
        x[i] = i * i % 7 - 3;
    smooth(1000, 0.25f, x, y);
    printf("%.4f %.4f %.4f\n", y[0], y[499], y[999]);
    return 0;
}
