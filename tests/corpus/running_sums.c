// mupac: --cpu-threshold 0
// Values that iterations contribute to and look at: each iteration is told what those before it have contributed.
#include <stddef.h>
#include <stdint.h>

float running(const float *a, float *out, int n) {
    float sum = 1.0f;
    for (int i = 0; i < n; i++) {
        sum += a[i];
        out[i] = sum;
    }
    return sum;
}

// What comes before each element, of those that count.
int exclusive(const int *a, int *out, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        out[i] = sum;
        if (a[i] > 3) sum += a[i];
    }
    return sum;
}

// Of narrow numbers, which wrap around.
void checksum(const uint8_t *bytes, uint8_t *sums, int n) {
    uint8_t sum = 0;
    for (int i = 0; i < n; i++) {
        sum += bytes[i];
        sums[i] = sum;
    }
}

void highest(const double *a, double *most, long n) {
    double best = a[0];
    for (long i = 0; i < n; i++) {
        if (a[i] > best) best = a[i];
        most[i] = best;
    }
}

// Several at once, with a value that only the iteration needs.
void weighted(const double *x, const double *w, double *out, int n) {
    double sum = 0;
    unsigned seen = 0, product = 1;
    for (int i = 0; i < n; i++) {
        double value = x[i] * w[i];
        sum += value;
        product *= w[i] > 0.25 ? 3 : 1;
        seen |= w[i] > 0.5;
        out[i] = seen ? sum / (product | 1) : value;
    }
}

// Rows whose lengths come of a loop inside.
void rows(const float *a, float *ends, int n, int m) {
    float end = 0;
    for (int i = 0; i < n; i++) {
        float row = 0;
        for (int j = 0; j < m; j++) row += a[i * m + j];
        end += row;
        ends[i] = end;
    }
}

// Elements that are the one before and something.
void from_the_one_before(float *p, const float *a, int n) {
    p[0] = a[0];
    for (int i = 1; i < n; i++) p[i] = p[i - 1] + a[i];
}

void in_place(int *a, int n) {
    for (int i = 1; i < n; i++)
        a[i] += a[i - 1];
}

void starts(const int *count, int *start, size_t n) {
    start[0] = 0;
    for (size_t i = 0; i < n; i++)
        start[i + 1] = start[i] + count[i];
}

void two_apart(long *x, int n) {
    for (int i = 2; i < n; i += 2)
        x[i] = x[i - 2] ^ x[i];
}

// Each step starts anew, and the arrays stay on the device.
void steps(float *u, float *v, int n, int times) {
    for (int t = 0; t < times; t++) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            sum += u[i];
            v[i] = sum;
        }
        for (int i = 0; i < n; i++)
            u[i] = v[i] * 0.001f;
    }
}

// What is added depends on the sum: no iteration can be told before.
int capped(const int *a, int *out, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        if (sum < 100) sum += a[i];
        out[i] = sum;
    }
    return sum;
}

// What is added was written by the loop.
float smoothed(float *a, float *out, int n) {
    float sum = 0;
    for (int i = 1; i < n; i++) {
        a[i] = a[i] * 0.5f;
        sum += a[i];
        out[i] = sum;
    }
    return sum;
}
