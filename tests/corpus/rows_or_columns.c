// Where a condition is the same for all iterations, an array may have rows of one length where it holds and of another one
// where it does not.
void transposed(int turned, int m, int n, const float *restrict a, float *c) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            if (turned)
                c[j * m + i] = a[i * n + j];
            else
                c[i * n + j] = a[i * n + j];
}

void flatten(float *x, int size, int layers, int batch, int forward, float *swap) {
    for (int b = 0; b < batch; b++)
        for (int c = 0; c < layers; c++)
            for (int i = 0; i < size; i++) {
                int by_layer = b * layers * size + c * size + i;
                int by_place = b * layers * size + i * layers + c;
                if (forward)
                    swap[by_place] = x[by_layer];
                else
                    swap[by_layer] = x[by_place];
            }
}

// The sum goes on from one sweep to the next.
void sweeps(int forward, int m, int n, int times, double *restrict a, double *restrict b) {
    for (int t = 0; t < times; t++) {
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                if (forward > 1)
                    b[j * m + i] += a[i * n + j];
                else
                    a[i * n + j] += 0.5 * b[j * m + i];
        for (int i = 0; i < m * n; i++) a[i] = 0.25 * a[i] + b[i];
    }
}

// Of a condition on a floating-point number nobody knows that it cannot hold and fail.
void by_number(double time, int m, int n, const float *restrict a, float *restrict c) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            if (time > 0.5)
                c[j * m + i] = a[i * n + j];
            else
                c[i * n + j] = a[i * n + j];
}
