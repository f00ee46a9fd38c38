// An array of the program that a stream was given as its buffer: what is printed is written there, so nothing is known of calls
// that print.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 4096

static char text[N];
static int counts[N];

int main(void) {
    long sum = 0;
    setvbuf(stdout, text, _IOFBF, sizeof text);
    for (int i = 0; i < N; i++) counts[i] = i % 3;
    for (int t = 0; t < 3; t++) {
        for (int i = 0; i < N; i++) counts[i] += i % 7;
        printf("step %d\n", t);
        for (int i = 0; i < N; i++) counts[i] += text[i] == 's';
    }
    for (int i = 0; i < N; i++) sum += counts[i] * (i % 5);
    printf("%ld\n", sum);
    return 0;
}
