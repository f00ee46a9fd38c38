// As many sums as terms of each: a thread for each sum fills the device.
void square(int n, float *c, const float *a, const float *b) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++)
                c[i * n + j] += a[i * n + k] * b[k * n + j];
}
