// A jump to a label farther down in the same block skips what stands between, wherever nothing else jumps there.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 500

static double x[N], y[N];
static int kind[N], hits[N];

static void one(void) {
    for (int i = 0; i < N; i++) {
        if (x[i] < 3)
            goto half;
        x[i] -= 1;
        y[i] += x[i];
    half:
        x[i] *= 0.5;
    }
}

static void several(void) {
    for (int i = 0; i < N; i++) {
        double v = y[i];
        if (kind[i] == 0) {
            v += 1;
            goto store;
        }
        v *= 2;
        if (kind[i] == 1)
            goto store;
        else
            v -= 3;
        for (int j = 0; j < 3; j++)
            v += x[i] * j;
        if (v > 20)
            goto count;
        hits[i] += 2;
    count:
        hits[i]++;
    store:
        y[i] = v;
    }
}

// What a condition computes stands before its branch.
static double root(double v) {
    double r = v;
    int n = 0;
    if ((n = v > 4) && v < 100)
        goto out;
    r = r * r + n;
out:
    return r + 1;
}

static void called(void) {
    for (int i = 0; i < N; i++)
        y[i] = root(y[i]);
}

// Here is another way to the label.
static void deeper(void) {
    for (int i = 0; i < N; i++) {
        if (kind[i] == 2) {
            if (hits[i] > 1)
                goto next;
            hits[i] += 4;
        }
        if (kind[i] == 3)
            goto next;
        hits[i] += 8;
    next:
        hits[i] *= 3;
    }
}

int main(void) {
    for (int i = 0; i < N; i++) {
        x[i] = i % 7;
        y[i] = i % 11;
        kind[i] = i % 4;
    }
    one();
    several();
    called();
    deeper();
    double sum = 0;
    for (int i = 0; i < N; i++)
        sum += x[i] + y[i] * 2 + hits[i];
    printf("%.17g\n", sum);
    return 0;
}
