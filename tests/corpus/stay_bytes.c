// Bytes and wider elements of one allocation: a copy that starts at an odd byte holds no double.
#include <stdio.h>
#include <stdlib.h>
#define N 400

static void step(int n, unsigned char *bytes) {
    for (int i = 1; i < n; i++) bytes[i] = (bytes[i] + 1) % 63;
}

static void halve(int n, double *values) {
    for (int i = 1; i < n; i++) values[i] *= 0.5;
}

int main(void) {
    unsigned char *bytes = calloc(N, 8);
    for (int t = 0; t < 3; t++) {
        step(8 * N, bytes);
        halve(N, (double *)bytes);
    }
    printf("%g %d\n", ((double *)bytes)[5], bytes[100]);
    return 0;
}
