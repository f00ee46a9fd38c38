// mupac: --cpu-threshold 0
// Small arrays that several loops of a function, or of a file, use one after the other: each fills what it reads.
static double speed[24], density[24];
static int grid[3];

void set_grid(int n) { grid[0] = grid[1] = grid[2] = n; }

static void exact(double x, double y, double *out) {
    for (int m = 0; m < 3; m++)
        out[m] = 1 + m * x + y;
}

void members(int n, double *restrict a, double *restrict b) {
    double t[2];
    for (int i = 0; i < n; i++) {
        t[0] = i * 0.5;
        t[1] = t[0] + 1;
        a[i] = t[0] * t[1];
    }
    for (int i = 0; i < n; i++) {
        t[0] = a[i];
        t[1] = 2;
        b[i] = t[0] + t[1];
    }
}

// The address goes to functions that keep none.
void faces(int n, double (*restrict u)[16][3]) {
    double t[3];
    for (int k = 0; k < n; k++) {
        exact(0.0, k * 0.1, t);
        for (int m = 0; m < 3; m++) u[0][k][m] = t[m];
    }
    for (int k = 0; k < n; k++) {
        exact(1.0, k * 0.1, t);
        for (int m = 0; m < 3; m++) u[1][k][m] = t[m];
    }
}

// Of limits that are sums of what does not change: 0 to grid[0] - 1 is filled, and as much is read.
void along_x(double (*restrict out)[24], double (*restrict us)[24], double (*restrict rho)[24]) {
    for (int j = 1; j <= grid[1] - 2; j++) {
        for (int i = 0; i <= grid[0] - 1; i++) {
            speed[i] = us[i][j];
            density[i] = rho[i][j] > 1 ? rho[i][j] : 1;
        }
        for (int i = 1; i <= grid[0] - 2; i++)
            out[i][j] = speed[i + 1] - speed[i - 1] + density[i + 1] + density[i - 1];
    }
}

void along_y(double (*restrict out)[24], double (*restrict us)[24], double (*restrict rho)[24]) {
    for (int i = 1; i <= grid[0] - 2; i++) {
        for (int j = 0; j <= grid[1] - 1; j++) {
            speed[j] = us[i][j];
            density[j] = 2 * rho[i][j];
        }
        for (int j = 1; j <= grid[1] - 2; j++)
            out[i][j] += speed[j + 1] * density[j - 1];
    }
}
