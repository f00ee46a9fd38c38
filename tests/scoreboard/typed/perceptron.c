#include <math.h>
#include <stdio.h>
#include <stdlib.h>
typedef struct {
    int in, out;
    float *w, *b, *x, *y, *dw, *db, *dx;
} Layer;
Layer *make(int in, int out) {
    Layer *l = calloc(1, sizeof *l);
    l->in = in;
    l->out = out;
    l->w = malloc(in * out * 4);
    l->b = calloc(out, 4);
    l->y = calloc(out, 4);
    l->dw = calloc(in * out, 4);
    l->db = calloc(out, 4);
    l->dx = calloc(in, 4);
    for (int i = 0; i < in * out; i++) l->w[i] = ((i * 37 % 101) / 101.0f - .5f) / sqrtf(in);
    return l;
}
void forward(Layer *l, float *x) {
    l->x = x;
    for (int o = 0; o < l->out; o++) {
        float s = l->b[o];
        for (int i = 0; i < l->in; i++) s += l->w[o * l->in + i] * x[i];
        l->y[o] = tanhf(s);
    }
}
void backward(Layer *l, const float *dy) {
    for (int i = 0; i < l->in; i++) l->dx[i] = 0;
    for (int o = 0; o < l->out; o++) {
        float g = dy[o] * (1 - l->y[o] * l->y[o]);
        l->db[o] += g;
        for (int i = 0; i < l->in; i++) {
            l->dw[o * l->in + i] += g * l->x[i];
            l->dx[i] += g * l->w[o * l->in + i];
        }
    }
}
void update(Layer *l, float lr) {
    for (int i = 0; i < l->in * l->out; i++) {
        l->w[i] -= lr * l->dw[i];
        l->dw[i] = 0;
    }
    for (int o = 0; o < l->out; o++) {
        l->b[o] -= lr * l->db[o];
        l->db[o] = 0;
    }
}
int main(int argc, char **argv) {
    int n = 512;
    Layer *a = make(n, n), *b = make(n, 10);
    float *x = malloc(n * 4), d[10];
    for (int i = 0; i < n; i++) x[i] = sinf(i);
    for (int e = 0; e < 50; e++) {
        forward(a, x);
        forward(b, a->y);
        float loss = 0;
        for (int i = 0; i < 10; i++) {
            d[i] = b->y[i] - (i == 3);
            loss += d[i] * d[i];
        }
        backward(b, d);
        backward(a, b->dx);
        update(a, .01f);
        update(b, .01f);
        if (e % 10 == 0) printf("%d %.5f\n", e, loss);
    }
}
