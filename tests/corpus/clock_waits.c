/* A clock that is asked while arrays stay on the device waits for the kernels that still run. */
// mupac: --cpu-threshold 0
#include <stdio.h>
#include <sys/time.h>
#include <time.h>
static double a[20000], b[20000];
static double now(void) {
    struct timeval t;
    gettimeofday(&t, NULL);
    return t.tv_sec + 1e-6 * t.tv_usec;
}
int main(void) {
    double took = 0;
    clock_t busy = 0;
    for (int i = 0; i < 20000; i++) a[i] = i % 17;
    for (int step = 0; step < 4; step++) {
        double start = now();
        clock_t from = clock();
        for (int i = 0; i < 20000; i++) b[i] = 0.5 * a[i] + step;
        for (int i = 0; i < 20000; i++) a[i] = b[i] * b[i];
        busy += clock() - from;
        took += now() - start;
    }
    printf("%g\n", a[19999]);
    fprintf(stderr, "%g s, %g s of processor time\n", took, (double)busy / CLOCKS_PER_SEC);
    return 0;
}
