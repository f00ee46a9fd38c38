/* Members that lead to functions, streams or memory without a type are null in tests. */
// mupac: --cpu-threshold 0
#include <stdio.h>
typedef struct layer layer;
struct layer {
    int n, batch;
    float *weights, *output;
    void (*forward)(layer *, float *);
    void *workspace;
    FILE *log;
    float *biases;
};
void add_bias(layer *l) {
    for (int b = 0; b < l->batch; b++)
        for (int i = 0; i < l->n; i++) l->output[b * l->n + i] += l->biases[i];
}
void scale(layer l, float by) {
    for (int i = 0; i < l.n; i++) l.weights[i] *= by;
}
