// mupac: --cpu-threshold 100
/* Inside the time loop, n is another n than the one that says how much to copy. */
void add(int n, int steps, float *u, float *v) {
    for (int t = 0; t < steps; t++) {
        int n = 2 * t;
        for (int i = 3; i < 300; i++)
            u[i] = u[i] + n;
    }
    for (int i = 0; i < n; i++)
        v[i] = u[i + 3];
}
