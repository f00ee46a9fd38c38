// mupac: --cpu-threshold 0
#include <stdio.h>

/* The map keeps its kernel; the sum, printed to its last digit, shows in which order it was added up. */
int main(void) {
    static float a[3000];
    for (int i = 0; i < 3000; i++)
        a[i] = 0.1f * (i % 7);
    float sum = 0.0f;
    for (int i = 0; i < 3000; i++) //~ check-failed: the check of its kernel failed: value
        sum += a[i];
    printf("%.9g %.9g\n", a[8], sum);
    return 0;
}
