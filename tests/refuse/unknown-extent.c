void sample(int n, float *a, const float *b, const float *x, float scale) {
    for (int i = 0; i < n; i++) //~ unknown-extent: how far it reaches into b is not known in advance
        a[i] = b[(int)(x[i] * scale + 0.5f)];
}
