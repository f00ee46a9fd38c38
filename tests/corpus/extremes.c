/* Every form of least and greatest; several results of one loop. */
#include <math.h>

void range(int n, const float *a, float *low, float *high) {
    float least = a[0], greatest = a[0];
    for (int i = 1; i < n; i++) {
        if (a[i] < least) least = a[i];
        greatest = greatest < a[i] ? a[i] : greatest;
    }
    *low = least;
    *high = greatest;
}

double farthest(int n, const double *x, double from) {
    double distance = 0;
    for (int i = 0; i < n; i++)
        distance = fmax(distance, fabs(x[i] - from));
    return distance;
}
