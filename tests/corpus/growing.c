// mupac: --cpu-threshold 100
/* What a step touches grows with t; the copy covers what all of them touch. */
void grow(int m, float *u) {
    for (int t = 1; t < m; t++)
        for (int i = 0; i < t; i++)
            u[i] = u[i] + u[t];
}
