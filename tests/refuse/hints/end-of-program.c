#include <stdlib.h>

void divide(int n, const double *restrict a, const double *restrict b, double *restrict c) {
    for (int i = 0; i < n; i++) { //~ side-effect: calls exit
        //? note in a variable that something is wrong, and end the program after the loop
        if (b[i] == 0)
            exit(1);
        c[i] = a[i] / b[i];
    }
}
//// as the hint says
#include <stdlib.h>

void divide(int n, const double *restrict a, const double *restrict b, double *restrict c) {
    int zeros = 0;
    for (int i = 0; i < n; i++) { //~ kernel
        zeros += b[i] == 0;
        c[i] = a[i] / b[i];
    }
    if (zeros)
        exit(1);
}
