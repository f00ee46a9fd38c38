// A conversion may write to memory that the device has a copy of, and a format that is no literal may hold such a one.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 400

static int hits[N];
static long sum;

int main(void) {
    static const char *const formats[2] = {"%d\n", "%d%n\n"};
    for (int i = 0; i < N; i++) hits[i] = i;
    for (int t = 0; t < 4; t++) {
        for (int i = 0; i < N; i++) hits[i] += i % 7;
        if (t == 1) printf("%d%n and more\n", 12345 + t, &hits[3]);
        if (t == 2) printf(formats[t / 2], 1234567, &hits[5]);
        for (int i = 0; i < N; i++) hits[i] *= 2;
    }
    for (int i = 0; i < N; i++) sum += hits[i];
    printf("%ld\n", sum);
    return 0;
}
