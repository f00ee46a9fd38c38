// mupac: --cpu-threshold 0
// Running indices of many loops, several sums in one array or structure, tables of first values, bits.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int n, c, h, w;
    float *data;
} tensor;

// One index for four loops.
static void largest(const tensor *in, tensor *out, int *where, int k) {
    int at = 0;
    for (int n = 0; n < out->n; n++)
        for (int c = 0; c < out->c; c++)
            for (int y = 0; y < out->h; y++)
                for (int x = 0; x < out->w; x++) {
                    float best = -1e30f;
                    int place = -1;
                    for (int i = 0; i < k * k; i++) {
                        int from = (y * k + i / k) * in->w + x * k + i % k;
                        float v = in->data[(n * in->c + c) * in->h * in->w + from];
                        if (v > best) best = v, place = from;
                    }
                    out->data[at] = best;
                    where[at] = place;
                    at++;
                }
}

typedef struct {
    double x, y, z;
} vec;

struct stats {
    int n;
    double scale, sum, least, most;
};

// Members of a local structure, elements of a local array and of the caller's.
static vec centre(int n, const vec *p, const double *mass) {
    vec c = {0, 0, 0};
    for (int i = 0; i < n; i++) {
        c.x += p[i].x * mass[i];
        c.y += p[i].y * mass[i];
        c.z += p[i].z * mass[i];
    }
    return c;
}
static double describe(int n, const double *x) {
    struct stats s = {0, 2.0, 0, 1e30, -1e30};
    for (int i = 0; i < n; i++) {
        s.n++;
        s.sum += x[i] * s.scale;
        if (x[i] < s.least) s.least = x[i];
        if (x[i] > s.most) s.most = x[i];
    }
    return s.n + s.sum + s.least + s.most;
}
static void moments(int n, const double *x, double *restrict m) {
    for (int i = 0; i < n; i++) {
        m[0] += x[i];
        m[1] += x[i] * x[i];
    }
}
// What one reads that the other writes stays.
static void mixed(int n, const double *x, double *o) {
    for (int i = 0; i < n; i++) {
        o[0] += x[i];
        o[1] += o[0];
    }
}

// A histogram of each row.
static void modes(int n, int w, const unsigned char *x, int *out) {
    for (int t = 0; t < n; t++) {
        int counts[2][128] = {{0}}, best = 0;
        float weights[100] = {1.5f, 2};
        for (int i = 0; i < w; i++) counts[x[t * w + i] >> 7][x[t * w + i] & 127]++;
        for (int i = 1; i < 128; i++)
            if (counts[0][i] + counts[1][i] > counts[0][best] + counts[1][best]) best = i;
        out[t] = best + (int)(weights[t % 100] * 2);
    }
}

static int bits(int n, const unsigned long *x, const double *y, int *out) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        sum += __builtin_popcountl(x[i]) + (x[i] ? __builtin_clzl(x[i]) : 64);
        out[i] = (int)lround(y[i]) + (int)lrint(y[i] * 0.5) + (int)(100 * erf(y[i] * 0.25));
    }
    return sum;
}

struct pixel {
    unsigned char r, g, b;
};
static void blank(int n, struct pixel *p, const int *at) {
    for (int i = 0; i < n; i++)
        if (at[i] % 3 == 0)
            memset(&p[i], 0, sizeof p[i]);
        else
            p[i].r = 3;
}

int main(void) {
    tensor in = {2, 3, 12, 8, malloc(2 * 3 * 12 * 8 * sizeof(float))}, out = {2, 3, 6, 4, malloc(144 * sizeof(float))};
    static int where[1000];
    for (int i = 0; i < 576; i++) in.data[i] = (float)(i * 37 % 101);
    largest(&in, &out, where, 2);
    double all = 0;
    for (int i = 0; i < 144; i++) all += out.data[i] * (i % 5) + where[i];
    static vec p[300];
    static double mass[300], m[2];
    for (int i = 0; i < 300; i++) {
        p[i] = (vec){i % 7, i % 5, i % 3};
        mass[i] = 1 + i % 4;
    }
    vec c = centre(300, p, mass);
    all += c.x + 2 * c.y + 3 * c.z + describe(300, mass);
    moments(300, mass, m), mixed(300, mass, m);
    all += m[0] * 0.5 + m[1];
    static unsigned char x[4000];
    static unsigned long z[300];
    for (int i = 0; i < 4000; i++) x[i] = (unsigned char)(i * 7919u >> 3);
    for (int i = 0; i < 300; i++) z[i] = i * 0x9e3779b97f4a7c15ul;
    modes(10, 400, x, where);
    for (int i = 0; i < 10; i++) all += where[i];
    for (int i = 0; i < 300; i++) mass[i] = i * 0.37 - 50.25;
    all += bits(300, z, mass, where);
    for (int i = 0; i < 300; i++) all += where[i];
    static struct pixel q[300];
    memset(q, 5, sizeof q);
    blank(300, q, where);
    for (int i = 0; i < 300; i++) all += q[i].r + q[i].g * 2 + q[i].b;
    printf("%.10g\n", all);
    free(in.data), free(out.data);
    return 0;
}
