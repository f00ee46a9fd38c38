#include <stdlib.h>

int inside(int n) {
    int count = 0;
    for (int i = 0; i < n; i++) { //~ side-effect: calls rand, whose numbers come one after another
        //? draw the numbers in a loop before that fills an array
        double x = rand() / (double)RAND_MAX, y = rand() / (double)RAND_MAX;
        count += x * x + y * y < 1;
    }
    return count;
}
//// as the hint says
#include <stdlib.h>

int inside(int n) {
    int count = 0;
    double *drawn = malloc(2 * n * sizeof *drawn);
    for (int i = 0; i < 2 * n; i++)
        drawn[i] = rand() / (double)RAND_MAX;
    for (int i = 0; i < n; i++) { //~ kernel
        double x = drawn[2 * i], y = drawn[2 * i + 1];
        count += x * x + y * y < 1;
    }
    free(drawn);
    return count;
}
