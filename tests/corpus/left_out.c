/* What a caller leaves out: pointers that may be null, and arrays that a flag says are not there. */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const int UNROLL = 4;

void layer(int rows, int inner, int columns, const float *in, const float *weight, const float *bias, float *out) {
    for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
            float sum = bias != NULL ? bias[c] : 0.0f;
            for (int k = 0; k < inner; k++)
                sum += in[r * inner + k] * weight[c * inner + k];
            out[r * columns + c] = sum;
        }
    }
}

void scale(int n, float *x, float *copy, const float *mask, bool is_masked) {
    for (int i = 0; i < n; i++) {
        float parts[UNROLL];
        for (int k = 0; k < UNROLL; k++)
            parts[k] = x[i] * k;
        x[i] = parts[1] + parts[UNROLL - 1];
        if (is_masked && i > 2)
            x[i] *= mask[i];
        if (!copy)
            continue;
        copy[i] = x[i];
    }
}

int main(void) {
    int rows = 120, inner = 7, columns = 90, n = rows * columns;
    float *in = malloc(rows * inner * sizeof(float)), *weight = malloc(columns * inner * sizeof(float));
    float *bias = malloc(columns * sizeof(float)), *out = malloc(n * sizeof(float)), *copy = malloc(n * sizeof(float));
    for (int i = 0; i < rows * inner; i++)
        in[i] = i % 5;
    for (int i = 0; i < columns * inner; i++)
        weight[i] = i % 3;
    for (int i = 0; i < columns; i++)
        bias[i] = i;
    layer(rows, inner, columns, in, weight, NULL, out);
    printf("%g %g\n", out[0], out[n - 1]);
    layer(rows, inner, columns, in, weight, bias, out);
    printf("%g %g\n", out[0], out[n - 1]);
    scale(n, out, NULL, NULL, false);
    scale(n, out, copy, in, false);
    scale(400, out, copy, bias + 1 - 1, false);
    printf("%g %g %g\n", out[1], copy[n - 1], out[399]);
    free(in), free(weight), free(bias), free(out), free(copy);
    return 0;
}
