/* A shortest path is no minimum over k, and a sum that decides what is added is none that a scan finds: each round reads what others wrote. */
void paths(int p[64][64]) {
    for (int k = 0; k < 64; k++) //~ carried-dependence: k = 1 reads p[0][0], which k = 0 wrote
        for (int i = 0; i < 64; i++) //~ carried-dependence: k = 0, i = 1 reads p[0][0], which k = 0, i = 0 wrote
            for (int j = 0; j < 64; j++) //~ carried-dependence: k = 0, i = 0, j = 1 reads p[0][0], which k = 0, i = 0, j = 0 wrote
                p[i][j] = p[i][j] < p[i][k] + p[k][j] ? p[i][j] : p[i][k] + p[k][j];
}

void capped(int n, const int *x, int *y) {
    int sum = 0;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads sum, which i = 0 wrote
        if (sum < 1000) sum += x[i];
        y[i] = sum;
    }
}
