#include <stdio.h>
#include <unistd.h>

void show(int n, const float *a) {
    for (int i = 0; i < n; i++) //~ side-effect: calls printf
        printf("%g\n", a[i]);
}

void wait_for_it(int n, int *a) {
    for (int i = 0; i < n; i++) { //~ side-effect: calls usleep
        a[i] = i;
        usleep(10);
    }
}
