// mupac: --cpu-threshold 100
/* The arrays are filled, smoothed and read on the device: only the result comes back. */
void smooth(int steps, int n, const float *x, float *y) {
    float u[400], v[400];
    for (int i = 0; i < 400; i++)
        u[i] = v[i] = 0.25f * i;
    for (int t = 0; t < steps; t++) {  // time stays on the host
        for (int i = 1; i < 399; i++)
            v[i] = 0.5f * (u[i - 1] + u[i + 1]);
        for (int i = 1; i < 399; i++)
            u[i] = v[i];
    }
    for (int i = 0; i < 400; i++)
        y[i] = u[i] + x[i] * n;
}
