/* Some convolutional layers of darknet, forward, by its own functions: conv SIZE FILTERS IMAGES. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "blas.h"
#include "gemm.h"
#include "im2col.h"

#define LAYERS 4

static uint32_t state = 1;

/* Makes an array of numbers between -SCALE and SCALE. */
static float *numbers(int count, float scale) {
    float *array = calloc(count, sizeof(float));
    for (int i = 0; i < count; ++i) {
        state = state * 1664525u + 1013904223u;
        array[i] = scale * ((float)(state >> 8) / 8388608.0f - 1.0f);
    }
    return array;
}

static void add_biases(float *output, const float *biases, int filters, int cells) {
    for (int f = 0; f < filters; ++f)
        for (int i = 0; i < cells; ++i) output[f * cells + i] += biases[f];
}

static void leak(float *output, int count) {
    for (int i = 0; i < count; ++i)
        if (output[i] < 0) output[i] *= 0.1f;
}

int main(int argc, char **argv) {
    int size = argc > 1 ? atoi(argv[1]) : 224, filters = argc > 2 ? atoi(argv[2]) : 64;
    int images = argc > 3 ? atoi(argv[3]) : 2, classes = 10;
    int channels[LAYERS + 1] = {3, filters, filters, 2 * filters, classes};
    int kernels[LAYERS] = {3, 3, 3, 1}, strides[LAYERS] = {1, 1, 2, 1};
    int sizes[LAYERS + 1] = {size}, largest = 0;
    float *weights[LAYERS], *biases[LAYERS], *outputs[LAYERS + 1];

    for (int l = 0; l < LAYERS; ++l) {
        int inputs = channels[l] * kernels[l] * kernels[l], pad = kernels[l] / 2;
        sizes[l + 1] = (sizes[l] + 2 * pad - kernels[l]) / strides[l] + 1;
        int cells = sizes[l + 1] * sizes[l + 1];
        weights[l] = numbers(channels[l + 1] * inputs, 2.0f / channels[l]);
        biases[l] = numbers(channels[l + 1], 0.1f);
        outputs[l + 1] = calloc(channels[l + 1] * cells, sizeof(float));
        if (inputs * cells > largest) largest = inputs * cells;
    }
    float *workspace = calloc(largest, sizeof(float));
    float *means = calloc(classes, sizeof(float)), *chances = calloc(classes, sizeof(float));

    for (int image = 0; image < images; ++image) {
        outputs[0] = numbers(3 * size * size, 1.0f);
        for (int l = 0; l < LAYERS; ++l) {
            int m = channels[l + 1], n = sizes[l + 1] * sizes[l + 1], k = channels[l] * kernels[l] * kernels[l];
            float *columns = workspace;
            fill_cpu(m * n, 0, outputs[l + 1], 1);
            if (kernels[l] == 1)
                columns = outputs[l];
            else
                im2col_cpu(outputs[l], channels[l], sizes[l], sizes[l], kernels[l], strides[l], kernels[l] / 2, workspace);
            gemm(0, 0, m, n, k, 1, weights[l], k, columns, n, 1, outputs[l + 1], n);
            add_biases(outputs[l + 1], biases[l], m, n);
            leak(outputs[l + 1], m * n);
        }
        mean_cpu(outputs[LAYERS], 1, classes, sizes[LAYERS] * sizes[LAYERS], means);
        softmax(means, classes, 1, 1, chances);
        for (int c = 0; c < classes; ++c) printf("%f ", chances[c]);
        printf("\n");
        free(outputs[0]);
    }
    for (int l = 0; l < LAYERS; ++l) {
        free(weights[l]);
        free(biases[l]);
        free(outputs[l + 1]);
    }
    free(workspace);
    free(means);
    free(chances);
    return 0;
}
