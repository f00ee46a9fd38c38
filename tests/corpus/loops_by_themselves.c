// mupac: --cpu-threshold 0
// No test can call these functions: what they take, return, read or call nobody can make up. Their loops are tested by themselves.
#include <stdio.h>
#include <stdlib.h>

struct layer {
    int width, height;
    float *out;
    float (*activate)(float);
    char names[100][40];
};
enum mode { PLAIN, SQUARED };

double measured(int channel);

struct layer scaled(struct layer l, const float *in, float factor) {
    float bias[4] = {1, 2, 3, 4}, total = 0;
    int i;
    for (i = 0; i < l.width * l.height; i++) {
        l.out[i] = in[i] * factor + bias[i & 3];
        total += in[i];
    }
    printf("%g\n", total);
    return l;
}

double largest_of_file(const char *name, int n) {
    FILE *file = fopen(name, "r");
    double *x = malloc(n * sizeof *x), largest = 0;
    for (int i = 0; i < n; i++) fscanf(file, "%lf", &x[i]);
    for (int i = 0; i < n; i++)
        if (x[i] > largest) largest = x[i];
    fclose(file);
    free(x);
    return largest;
}

void corrected(FILE *log, double *x, int n, enum mode mode) {
    static double gain = 2;
    for (int channel = 0; channel < n / 64; channel++) {
        double offset = measured(channel);
        if (mode == SQUARED && offset > 0) {
            int at = 0;
            for (int i = 0; i < 64; i++) x[channel * 64 + at++] *= offset * gain;
            fprintf(log, "%d\n", at);
        }
    }
}
