// mupac: --cpu-threshold 100
/* A scalar of the host changes from launch to launch, and its last value is read. */
double decay(int steps, int n, double *u) {
    double rate = 1.0;
    for (int t = 0; t < steps; t++) {
        double step = 0.5 + t;
        rate = rate / step;
        for (int i = 0; i < n; i++)
            u[i] = u[i] * rate + step;
    }
    return rate;
}
