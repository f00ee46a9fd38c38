#include <stdio.h>
#include <stdlib.h>
void whist(const int *bin, const float *w, float *h, int n, int nb) {
    for (int b = 0; b < nb; b++) h[b] = 0;
    for (int i = 0; i < n; i++)
        if (bin[i] >= 0 && bin[i] < nb) h[bin[i]] += w[i];
}
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1000000, nb = 64;
    int *bin = malloc(n * 4);
    float *w = malloc(n * 4), *h = malloc(nb * 4);
    for (int i = 0; i < n; i++) {
        bin[i] = (int)((i * 7919u) % nb);
        w[i] = (i % 10) * 0.1f;
    }
    whist(bin, w, h, n, nb);
    for (int b = 0; b < nb; b += 8) printf("%.3f\n", h[b]);
}
