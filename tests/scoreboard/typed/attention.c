#include <math.h>
void softmax(float *x, int rows, int cols) {
    for (int r = 0; r < rows; r++) {
        float *p = x + r * cols;
        float m = p[0];
        for (int c = 1; c < cols; c++)
            if (p[c] > m) m = p[c];
        float s = 0;
        for (int c = 0; c < cols; c++) {
            p[c] = expf(p[c] - m);
            s += p[c];
        }
        for (int c = 0; c < cols; c++) p[c] /= s;
    }
}
void layernorm(float *out, const float *inp, const float *w, const float *b, int N, int C) {
    for (int i = 0; i < N; i++) {
        const float *x = inp + i * C;
        float *o = out + i * C;
        float m = 0;
        for (int j = 0; j < C; j++) m += x[j];
        m /= C;
        float v = 0;
        for (int j = 0; j < C; j++) v += (x[j] - m) * (x[j] - m);
        v /= C;
        float s = 1.0f / sqrtf(v + 1e-5f);
        for (int j = 0; j < C; j++) o[j] = w[j] * ((x[j] - m) * s) + b[j];
    }
}
void attention(float *out, const float *q, const float *k, const float *v, float *att, int T,
               int H) {
    for (int t = 0; t < T; t++) {
        float mx = -1e9f;
        for (int u = 0; u <= t; u++) {
            float s = 0;
            for (int h = 0; h < H; h++) s += q[t * H + h] * k[u * H + h];
            s /= sqrtf(H);
            att[t * T + u] = s;
            if (s > mx) mx = s;
        }
        float sum = 0;
        for (int u = 0; u <= t; u++) {
            att[t * T + u] = expf(att[t * T + u] - mx);
            sum += att[t * T + u];
        }
        for (int h = 0; h < H; h++) out[t * H + h] = 0;
        for (int u = 0; u <= t; u++) {
            float a = att[t * T + u] / sum;
            for (int h = 0; h < H; h++) out[t * H + h] += a * v[u * H + h];
        }
    }
}
