// mupac: --cpu-threshold 0
// Rows that hold shorter ones, of which only loops say how many there are; rows that start anywhere, and rows of a constant length.
#include <stdio.h>
#include <stdlib.h>

// The outputs of each head of attention stand behind one another in a row of c.
static void mixed(float *out, const float *att, const float *in, int times, int c, int heads) {
    int size = c / heads;
    for (int t = 0; t < times; t++)
        for (int h = 0; h < heads; h++)
            for (int i = 0; i < size; i++) {
                float value = 0.0f;
                for (int s = 0; s <= t; s++) value += att[h * times + s] * in[s * 3 * c + 2 * c + h * size + i];
                out[t * c + h * size + i] = value;
            }
}

// The other way round: the second and the last third of rows are written, by a name for their length.
static void backward(float *grad, const float *att, const float *out, int times, int c, int heads) {
    int c3 = 3 * c, size = c / heads;
    for (int t = 0; t < times; t++)
        for (int h = 0; h < heads; h++)
            for (int s = 0; s <= t; s++) {
                float *key = grad + s * c3 + h * size + c, *value = grad + s * c3 + h * size + 2 * c;
                for (int i = 0; i < size; i++) {
                    key[i] += att[h * times + s];
                    value[i] += out[t * c + h * size + i];
                }
            }
}

// A picture upside down, of pixels of `depth` bytes in rows of `pitch`; rows that overlap stay on the host.
static void paint(unsigned char *to, const unsigned char *from, int w, int h, int pitch, int depth) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            for (int p = 0; p < depth; p++)
                to[(h - 1 - y) * pitch + x * depth + p] = from[y * pitch + x * depth + p] + p;
}

// All subscripts start at one parameter.
static void scale(float *a, const float *b, int start, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) a[start + i * m + j] = b[start + i * m + j] * 2.0f;
}

// Rows of a constant length, of which loops say how much they use.
#define WIDTH 40
#define AT(a, i, j) a[(i) * WIDTH + (j)]
static void smooth(const double *u, double *v, int n, int m) {
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < m - 1; j++)
            AT(v, i, j) = 0.25 * (AT(u, i - 1, j) + AT(u, i + 1, j) + AT(u, i, j - 1) + AT(u, i, j + 1));
}
static void push(float *p, const float *v, int n, int d) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < d; k++) p[3 * i + k] += v[3 * i + k] * 0.5f;
}

int main(void) {
    int times = 12, c = 22, heads = 3;
    float *out = calloc(times * c, sizeof(float)), *att = calloc(heads * times, sizeof(float));
    float *in = calloc(3 * times * c, sizeof(float)), *grad = calloc(3 * times * c, sizeof(float));
    for (int i = 0; i < 3 * times * c; i++) in[i] = (i * 7 % 23) * 0.1f;
    for (int i = 0; i < heads * times; i++) att[i] = (i % 5) * 0.25f;
    mixed(out, att, in, times, c, heads);
    backward(grad, att, out, times, c, heads);
    static unsigned char from[700], to[700];
    for (int i = 0; i < 700; i++) from[i] = (unsigned char)(i * 7);
    unsigned sum = 0;
    paint(to, from, 9, 20, 32, 3);
    for (int i = 0; i < 700; i++) sum = sum * 31 + to[i];
    paint(to, from, 9, 20, 25, 3);
    for (int i = 0; i < 700; i++) sum = sum * 31 + to[i];
    double all = 0;
    scale(in, in, 3, 5, times), scale(in, in + 2, 7, 9, 8), scale(grad, in, 0, 4, c);
    static double u[20 * WIDTH], v[20 * WIDTH];
    for (int i = 0; i < 20 * WIDTH; i++) u[i] = i % 17, v[i] = i % 5;
    smooth(u, v, 20, 31), smooth(v, u, 20, WIDTH), smooth(u, v, 10, 2 * WIDTH);
    push(grad, in, 200, 2), push(grad, in, 200, 3), push(grad, in, 150, 5);
    for (int i = 0; i < 20 * WIDTH; i++) all += u[i] * (i % 3) + v[i];
    for (int i = 0; i < times * c; i++) all += out[i] * (i % 3);
    for (int i = 0; i < 3 * times * c; i++) all += grad[i] * (i % 5);
    printf("%.3f %u\n", all, sum);
    free(out), free(att), free(in), free(grad);
    return 0;
}
