/* Pointers in structures that may be null: what a caller leaves out is left out in every iteration alike. */
#include <stddef.h>
struct layer { int n; float *weights, *biases, *scales; struct layer *next; };
void forward(struct layer *l, const float *in, float *out, int batch) {
    for (int b = 0; b < batch; b++)
        for (int i = 0; i < l->n; i++) {
            float v = in[b * l->n + i] * l->weights[i];
            if (l->biases != NULL) v += l->biases[i];
            if (!l->scales) v *= 2; else v *= l->scales[i];
            out[b * l->n + i] = l->biases && l->scales ? v : -v;
        }
}
void update(struct layer l, const float *d) {
    for (int i = 0; i < l.n; i++) {
        l.weights[i] -= d[i];
        if (l.biases) l.biases[i] -= d[i] * 0.5f;
    }
}
int has(struct layer *l, int *flags, int n) {
    for (int i = 0; i < n; i++) flags[i] = l->next ? 1 : l->next == NULL && l->biases;
    return flags[0];
}
