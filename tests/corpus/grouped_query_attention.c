/* Heads of attention that share keys and values in groups, from an offset in a cache of all layers. */
#include <math.h>
#include <string.h>

static void softmax(float *x, int size) {
    float most = x[0];
    for (int i = 1; i < size; i++)
        if (x[i] > most)
            most = x[i];
    float sum = 0;
    for (int i = 0; i < size; i++) {
        x[i] = expf(x[i] - most);
        sum += x[i];
    }
    for (int i = 0; i < size; i++)
        x[i] /= sum;
}

void attend(int heads, int longest, int size, int width, int shared, int layer, int last, const float *queries,
            float *scores, const float *keys, const float *values, float *out) {
    for (int h = 0; h < heads; h++) {
        const float *q = queries + h * size;
        float *score = scores + h * longest;
        for (int t = 0; t <= last; t++) {
            const float *k = keys + layer + t * width + (h / shared) * size;
            float sum = 0;
            for (int i = 0; i < size; i++)
                sum += q[i] * k[i];
            score[t] = sum / sqrtf(size);
        }
        softmax(score, last + 1);
        float *o = out + h * size;
        memset(o, 0, size * sizeof(float));
        for (int t = 0; t <= last; t++) {
            const float *v = values + layer + t * width + (h / shared) * size;
            for (int i = 0; i < size; i++)
                o[i] += score[t] * v[i];
        }
    }
}
