#include <stdio.h>
#include <stdlib.h>
#include <math.h>

static unsigned int lcg(unsigned int *state) {
    *state = *state * 1664525u + 1013904223u;
    return *state;
}

static double uniform(unsigned int *state) {
    return (lcg(state) >> 8) / 16777216.0;
}

static double normal(unsigned int *state) {
    double u1 = uniform(state) + 1e-9, u2 = uniform(state);
    return sqrt(-2 * log(u1)) * cos(6.283185307179586 * u2);
}

int main(void) {
    int paths = 100000, steps = 50;
    double S0 = 100, K = 100, r = 0.05, sigma = 0.2, T = 1.0;
    double dt = T / steps, sum = 0;
    for (int p = 0; p < paths; p++) {
        unsigned int seed = p * 7919 + 1;
        double S = S0, avg = 0;
        for (int i = 0; i < steps; i++) {
            S *= exp((r - 0.5 * sigma * sigma) * dt + sigma * sqrt(dt) * normal(&seed));
            avg += S;
        }
        avg /= steps;
        if (avg > K) sum += avg - K;
    }
    printf("price %f\n", exp(-r * T) * sum / paths);
    return 0;
}
