/* Several threads of the host launch kernels at a time: the device belongs to one of them after the other, and what the others
   do meanwhile is no part of a kernel. The sums are taken by one thread: where the memory for partial sums lies, and with it
   how many bytes are counted once, depends on the order of the threads otherwise. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS = 4, SIZE = 20000, STEPS = 5 };
struct job {
    double *a;
};
static long steps;

void scale(int n, double *a, double by) {
    for (int i = 0; i < n; i++)
        a[i] = a[i] * by + 1;
}

double total(int n, const double *a) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += a[i];
    return sum;
}

static void *work(void *p) {
    struct job *job = p;
    for (int t = 0; t < STEPS; t++) {
        scale(SIZE, job->a, 0.5);
        for (int i = 0; i < 1000; i++)
            __atomic_fetch_add(&steps, 1, __ATOMIC_RELAXED);
    }
    return 0;
}

int main(void) {
    static struct job jobs[THREADS];
    pthread_t threads[THREADS];
    for (int k = 0; k < THREADS; k++) {
        jobs[k].a = malloc(SIZE * sizeof(double));
        for (int i = 0; i < SIZE; i++)
            jobs[k].a[i] = i % (k + 3);
        pthread_create(&threads[k], 0, work, &jobs[k]);
    }
    for (int k = 0; k < THREADS; k++) {
        pthread_join(threads[k], 0);
        printf("%.3f\n", total(SIZE, jobs[k].a));
    }
    printf("%ld\n", steps);
}
