// mupac: --cpu-threshold 100
/* The host reads an element between the loops and may return: they are two regions. */
int scaled(int n, float *u, float *v) {
    for (int i = 0; i < n; i++)
        v[i] = u[i] + 1.0f;
    if (n > 0 && v[n - 1] < 0.0f)
        return 1;
    float last = n > 0 ? v[n - 1] : 0.0f;
    for (int i = 0; i < n; i++)
        u[i] = v[i] * last;
    return 0;
}
