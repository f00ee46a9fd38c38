#include <stdio.h>
#include <time.h>

int main(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (int i = 0; i < 20; i++) printf("%d\n", i );
    printf("%ld\n", (long)now.tv_nsec);
    return 0;
}
