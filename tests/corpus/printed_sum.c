// mupac: --cpu-threshold 0
#include <stdio.h>

/* Prints sums to their last digits: another order shows, and is within the bound that the interpreter knows. */
static float a[3000];

static float mean(float total, int n) { return total / n; }

int main(void) {
    for (int i = 0; i < 3000; i++)
        a[i] = 0.1f * (i % 7);
    float sum = 0.0f;
    double squares = 0.0;
    for (int i = 0; i < 3000; i++) {
        sum += a[i];
        squares += (double)a[i] * a[i];
    }
    printf("sum %.9g, mean %.9e,%16.12f squares\n", sum, mean(sum, 3000), squares);
    return 0;
}
