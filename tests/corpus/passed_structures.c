// mupac: --cpu-threshold 0
/* A structure passed by value, with a structure and an array inside, and one behind a pointer whose members lead to
   arrays. */
struct range { int low, high; };
struct filter { struct range range; float weights[3]; };
struct signal { int length; const float *samples; float *filtered; };

void clip(struct filter f, int n, float *x) {
    for (int i = 0; i < n; i++)
        x[i] = x[i] * f.weights[1] + (float)(f.range.high - f.range.low) * f.weights[2];
}

void filter(const struct signal *s, float weight) {
    const int n = s->length;
    const float *in = s->samples;
    float *out = s->filtered;
    for (int i = 0; i < n; i++)
        out[i] = in[i] * weight;
}
