#include <stdio.h>
#include <stdlib.h>

void conv2d(const float *input, const float *kernel, const float *bias, float *output,
            int batch, int in_c, int out_c, int h, int w, int k, int stride, int pad) {
    int out_h = (h + 2 * pad - k) / stride + 1;
    int out_w = (w + 2 * pad - k) / stride + 1;
    for (int b = 0; b < batch; b++)
        for (int oc = 0; oc < out_c; oc++)
            for (int oh = 0; oh < out_h; oh++)
                for (int ow = 0; ow < out_w; ow++) {
                    float sum = bias[oc];
                    for (int ic = 0; ic < in_c; ic++)
                        for (int kh = 0; kh < k; kh++)
                            for (int kw = 0; kw < k; kw++) {
                                int ih = oh * stride - pad + kh;
                                int iw = ow * stride - pad + kw;
                                if (ih >= 0 && ih < h && iw >= 0 && iw < w)
                                    sum += input[((b * in_c + ic) * h + ih) * w + iw] * kernel[((oc * in_c + ic) * k + kh) * k + kw];
                            }
                    output[((b * out_c + oc) * out_h + oh) * out_w + ow] = sum;
                }
}

void relu(float *x, int n) {
    for (int i = 0; i < n; i++)
        if (x[i] < 0) x[i] = 0;
}

void maxpool(const float *in, float *out, int c, int h, int w) {
    for (int ch = 0; ch < c; ch++)
        for (int i = 0; i < h / 2; i++)
            for (int j = 0; j < w / 2; j++) {
                float m = -1e30f;
                for (int a = 0; a < 2; a++)
                    for (int b = 0; b < 2; b++) {
                        float v = in[(ch * h + 2 * i + a) * w + 2 * j + b];
                        if (v > m) m = v;
                    }
                out[(ch * (h / 2) + i) * (w / 2) + j] = m;
            }
}

void softmax(float *x, int n) {
    float max = x[0], sum = 0;
    for (int i = 1; i < n; i++) if (x[i] > max) max = x[i];
    for (int i = 0; i < n; i++) { x[i] = __builtin_expf(x[i] - max); sum += x[i]; }
    for (int i = 0; i < n; i++) x[i] /= sum;
}

int main(void) {
    int h = 64, w = 64, ic = 16, oc = 32;
    float *in = malloc(ic * h * w * sizeof(float)), *k = malloc(oc * ic * 9 * sizeof(float)), *b = malloc(oc * sizeof(float));
    float *out = malloc(oc * h * w * sizeof(float)), *pooled = malloc(oc * h * w / 4 * sizeof(float));
    for (int i = 0; i < ic * h * w; i++) in[i] = (i % 13) * 0.1f - 0.5f;
    for (int i = 0; i < oc * ic * 9; i++) k[i] = (i % 7) * 0.1f - 0.3f;
    for (int i = 0; i < oc; i++) b[i] = 0.01f * i;
    conv2d(in, k, b, out, 1, ic, oc, h, w, 3, 1, 1);
    relu(out, oc * h * w);
    maxpool(out, pooled, oc, h, w);
    softmax(pooled, oc * h * w / 4);
    float s = 0;
    for (int i = 0; i < oc * h * w / 4; i++) s += pooled[i] * (i % 5);
    printf("%f\n", s);
    return 0;
}
