// What an iteration may not touch: subscripts that are clipped, or known by their bounds alone.
void smooth(int n, const float *restrict a, float *restrict b) {
    for (int i = 0; i < n; i++) {
        int left = i - 1;
        if (left < 0)
            left = 0;
        b[i] = 0.5f * (a[left] + a[i + 1 < n ? i + 1 : n - 1]);
    }
}

void weigh(int n, int period, const float *restrict weight, float *restrict a) {
    for (int i = 0; i < n; i++)
        if (a[i] > 0.0f)
            a[i] *= weight[i % period];
}
