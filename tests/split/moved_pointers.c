// What a launcher moves for its caller: counters and pointers that are read behind loops.
#include <stdio.h>

static float *copied(float *d, const float *s, int i, int n) {
    for (; i < n; i++) *d++ = s[i];
    for (int k = 0; k < i; k++) *d++ = s[k];
    return d;
}

int main(void) {
    static float from[1000], to[3000];
    for (int i = 0; i < 1000; i++) from[i] = (float)(i % 37);
    float *end = copied(to, from, 100, 1000);
    *end = 5;
    double sum = 0;
    for (int i = 0; i < 3000; i++) sum += to[i] * (i % 11);
    printf("%d %g\n", (int)(end - to), sum);
    return 0;
}
