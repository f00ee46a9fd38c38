// mupac: --cpu-threshold 50
/* The time loop stays on the host, so the value its iterator is left with can be read. */
int relax(int steps, int n, float *u, float *v) {
    int t, i;
    for (t = 0; t < steps; t++) {
        for (i = 1; i < n - 1; i++)
            v[i] = u[i - 1] + u[i + 1];
        for (i = 1; i < n - 1; i++)
            u[i] = v[i] * 0.5f;
    }
    return t;
}
