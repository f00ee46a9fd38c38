// mupac: -std=c99
/* A type that C only names, since its header leaves it out under this standard, and C++ defines. */
#include <stdio.h>
#include <sys/time.h>

static double now(void) {
    struct timeval t;
    gettimeofday(&t, (struct timezone *)NULL);
    return t.tv_sec + 1e-6 * t.tv_usec;
}

int main(void) {
    double first = now();
    printf("%d\n", first > 0 && now() >= first);
    return 0;
}
