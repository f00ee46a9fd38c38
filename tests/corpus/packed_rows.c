// mupac: --cpu-threshold 0
// Rows that hold shorter ones, of which only loops say how many there are.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

// Attention: the outputs of each head stand behind one another in a row of c.
static void attention(float *out, float *att, const float *in, int times, int c, int heads) {
    int size = c / heads;
    float scale = 1.0f / sqrtf((float)size);
    for (int t = 0; t < times; t++)
        for (int h = 0; h < heads; h++) {
            const float *query = in + t * 3 * c + h * size;
            float *row = att + (h * times + t) * times;
            float most = -1e30f, sum = 0.0f;
            for (int s = 0; s <= t; s++) {
                const float *key = in + s * 3 * c + c + h * size;
                float dot = 0.0f;
                for (int i = 0; i < size; i++) dot += query[i] * key[i];
                row[s] = dot * scale;
                if (row[s] > most) most = row[s];
            }
            for (int s = 0; s <= t; s++) {
                row[s] = expf(row[s] - most);
                sum += row[s];
            }
            for (int i = 0; i < size; i++) {
                float value = 0.0f;
                for (int s = 0; s <= t; s++) value += row[s] / sum * in[s * 3 * c + 2 * c + h * size + i];
                out[t * c + h * size + i] = value;
            }
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
                    key[i] += att[(h * times + t) * times + s];
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

int main(void) {
    int times = 24, c = 38, heads = 5;
    float *out = calloc(times * c, sizeof(float)), *att = calloc(heads * times * times, sizeof(float));
    float *in = calloc(3 * times * c, sizeof(float)), *grad = calloc(3 * times * c, sizeof(float));
    for (int i = 0; i < 3 * times * c; i++) in[i] = (i * 7 % 23) * 0.1f;
    attention(out, att, in, times, c, heads);
    backward(grad, att, out, times, c, heads);
    static unsigned char from[700], to[700];
    for (int i = 0; i < 700; i++) from[i] = (unsigned char)(i * 7);
    unsigned sum = 0;
    paint(to, from, 9, 20, 32, 3);
    for (int i = 0; i < 700; i++) sum = sum * 31 + to[i];
    paint(to, from, 9, 20, 25, 3);
    for (int i = 0; i < 700; i++) sum = sum * 31 + to[i];
    double all = 0;
    for (int i = 0; i < times * c; i++) all += out[i] * (i % 3);
    for (int i = 0; i < 3 * times * c; i++) all += grad[i] * (i % 5);
    printf("%.3f %u\n", all, sum);
    free(out), free(att), free(in), free(grad);
    return 0;
}
