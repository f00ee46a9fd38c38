// mupac: --cpu-threshold 0
// Pointers that loops move and that are read behind them.
#include <math.h>

void terminated(float *d, const float *s, int n) {
    for (int i = 0; i < n; i++) *d++ = *s++;
    *d = 0;
}

float *appended(float *d, const float *s, int n) {
    while (n--) *d++ = *s++;
    return d;
}

unsigned char *filled(unsigned char *to, unsigned char value, int n) {
    do {
        *to++ = value;
    } while (--n);
    *to++ = 1;
    return to;
}

void rows(float *restrict d, const float *restrict s, int width, int height, int pitch) {
    for (int y = 0; y < height; y++) {
        float *row = d;
        for (int x = 0; x < width; x++) *row++ = *s++;
        d += pitch;
    }
    *d = -1;
}

float *until(float *d, const float *s, const float *end) {
    while (s != end) *d++ = *s++;
    return d;
}

// Two layers of neurons behind one another, with their weights in one row.
struct net {
    int inputs, hidden, outputs;
    double *weights, *values;
};

void run(const struct net *net, const double *in) {
    const double *w = net->weights;
    double *out = net->values;
    for (int j = 0; j < net->hidden; ++j) {
        double sum = *w++ * -1.0;
        for (int k = 0; k < net->inputs; ++k) sum += *w++ * in[k];
        *out++ = 1.0 / (1.0 + exp(-sum));
    }
    in = net->values;
    for (int j = 0; j < net->outputs; ++j) {
        double sum = *w++ * -1.0;
        for (int k = 0; k < net->hidden; ++k) sum += *w++ * in[k];
        *out++ = 1.0 / (1.0 + exp(-sum));
    }
}

// What is stored may be the step of the pointer, in memory or in a global: these stay.
int step = 4;

const float *walked(int *a, const float *s, int n) {
    for (int i = 0; i < n; i++) {
        a[i] = 0;
        s += step;
    }
    return s;
}

struct stride { int first, by; };

const float *strode(int *a, const float *s, int n, const struct stride *stride) {
    for (int i = 0; i < n; i++) {
        a[i] = 0;
        s += stride->by;
    }
    return s;
}

// A callee moves the index that it is told where to find.
static void put(int *to, int *at, int value) { to[(*at)++] = value; }

int put_all(int *to, int n) {
    int at = 0;
    for (int i = 0; i < n; i++) put(to, &at, 3 * i);
    return at;
}
