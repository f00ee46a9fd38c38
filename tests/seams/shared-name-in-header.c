/* The program's header declares what the program defines, by a name that CUDA has. */
#include <stdio.h>
#include "shared-name-in-header.h"

double norm(const vector *v) {
    double sum = 0;
    for (int i = 0; i < v->count; i++) sum += v->at[i] * v->at[i];
    return sum;
}

int main(void) {
    double at[3] = {1, 2, 3};
    vector v = {3, at};
    printf("%g\n", norm(&v));
    return 0;
}
