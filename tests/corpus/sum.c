/* A sum of products and a norm: each block joins its threads in a tree, the host joins the blocks. */
#include <math.h>

double dot(int n, const double *x, const double *y) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

float norm(int n, const float *x) {
    float squares = 0;
    int i;
    for (i = 0; i < n; i++)
        squares = squares + x[i] * x[i];
    return sqrtf(squares);
}
