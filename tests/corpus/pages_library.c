// mupac: --cpu-threshold 100 --coherence pages
/* Whoever calls these functions may do so again with the same arrays; what the host wrote meanwhile, the system tells. */
void layer(int n, int m, const float *restrict w, const float *restrict x, float *restrict y) {
    for (int i = 0; i < n; i++) {
        float sum = 0;
        for (int j = 0; j < m; j++)
            sum += w[i * m + j] * x[j];
        y[i] = sum;
    }
}

float largest(int n, const float *x) {
    float found = x[0];
    for (int i = 1; i < n; i++)
        if (x[i] > found)
            found = x[i];
    return found;
}
