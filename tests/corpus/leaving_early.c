// mupac: --cpu-threshold 100
/* The time loop may end early, or skip the rest of a step: its loops stay regions of their own. */
void until(int steps, int n, float *u, float *v) {
    for (int t = 0; t < steps; t++) {
        for (int i = 0; i < n; i++)
            v[i] = u[i] + 1.0f;
        if (t % 3 == 1)
            continue;
        if (t > n)
            break;
        for (int i = 0; i < n; i++)
            u[i] = v[i] * 0.5f;
    }
}
