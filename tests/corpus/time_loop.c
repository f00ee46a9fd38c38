// mupac: --cpu-threshold 100
/* The outer loop carries a dependence, the two inside it do not. */
void relax(int steps, float u[1000], float v[1000]) {
    for (int t = 0; t < steps; t++) {
        for (int i = 1; i < 999; i++)
            v[i] = 0.5f * (u[i - 1] + u[i + 1]);
        for (int i = 1; i < 999; i++)
            u[i] = v[i];
    }
}
