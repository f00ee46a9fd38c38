/* `NULL` with a conversion of the program's to a type of the system. */
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
