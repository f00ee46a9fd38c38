/* Where the greatest or least value is: a reduction, and a look for the first, or last, iteration that has it. */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#define V 4096

static double values[V];
static int distances[V];
static int done[V];

int first_greatest(int n, const double *x, double *value) {
    double best = -DBL_MAX;
    int at = -1;
    for (int i = 0; i < n; i++)
        if (x[i] > best) {
            best = x[i];
            at = i;
        }
    *value = best;
    return at;
}

/* The last of equal ones, and only of some. */
int nearest(int n, const int *distance, const int *is_done) {
    int least = INT_MAX, index = -1;
    for (int v = 0; v < n; v++)
        if (is_done[v] == 0 && distance[v] <= least)
            least = distance[v], index = v;
    return index;
}

/* The place alone is remembered. */
int pivot(int n, int k, const double *column) {
    int p = k;
    for (int i = k + 1; i < n; i++)
        if (fabs(column[i]) > fabs(column[p])) p = i;
    return p;
}

/* From the end, in another number. */
int from_the_end(int n, const float *x) {
    float least = FLT_MAX;
    int at = -5;
    for (int i = n - 1; i >= 0; i--) {
        float v = x[i];
        if (v < least) {
            at = 2 * i + 1;
            least = v;
        }
    }
    return at;
}

int steps(long n) {
    int count = 0;
    while (n != 1) {
        n = n % 2 == 0 ? n / 2 : 3 * n + 1;
        count++;
    }
    return count;
}

int main(void) {
    for (int i = 0; i < V; i++) {
        values[i] = (i * 7919) % 1009;
        distances[i] = (i * 31) % 97;
        done[i] = i % 3;
    }
    double value;
    printf("%d", first_greatest(V, values, &value));
    printf(" %.1f", value);
    printf(" %d %d", nearest(V, distances, done), pivot(V, 5, values));
    int most = 0, start = 1;
    for (int i = 1; i < V; i++) {
        int count = steps(i);
        if (count > most) {
            most = count;
            start = i;
        }
    }
    printf(" %d %d\n", start, most);
    return 0;
}
