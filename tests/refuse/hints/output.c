#include <stdio.h>

void step(int n, double *restrict u, const double *restrict v) {
    for (int i = 0; i < n; i++) { //~ side-effect: calls printf
        //? compute in one loop, print in another
        u[i] = v[i] * v[i] + 1;
        if (u[i] > 1e6)
            printf("overflow at %d\n", i);
    }
}
//// as the hint says
#include <stdio.h>

void step(int n, double *restrict u, const double *restrict v) {
    for (int i = 0; i < n; i++) //~ kernel
        u[i] = v[i] * v[i] + 1;
    for (int i = 0; i < n; i++)
        if (u[i] > 1e6)
            printf("overflow at %d\n", i);
}
