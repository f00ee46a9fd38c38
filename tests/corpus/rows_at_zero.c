// mupac: --cpu-threshold 0
// Rows passed by the address of their first element, at subscripts of 0 too, to functions that stay in them.
#define A 0
#define B 1

static void subtract(double block[3][3], double from[3], double x[3]) {
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) x[i] = x[i] - block[i][k] * from[k];
}

static void scale(double block[3][3], double x[3]) {
    double pivot = 1 / (block[0][0] + 4);
    x[0] = x[0] * pivot;
    for (int i = 1; i < 3; i++) x[i] = x[i] - block[i][0] * x[0];
}

static void count(double *from, int n) {
    for (int i = 0; i < n; i++) from[i] += i;
}

void solve(int n, double (*restrict lhs)[8][2][3][3], double (*restrict rhs)[8][3]) {
    for (int i = 1; i < n; i++)
        for (int j = 0; j < 8; j++) {
            subtract(lhs[i][j][A], rhs[i - 1][j], rhs[i][j]);
            scale(lhs[i][j][B], rhs[i][j]);
        }
    for (int j = 0; j < n; j++) scale(lhs[j][0][A], rhs[j][0]);
}

// How far this one goes is not known: perhaps through all rows.
void whole(int n, int m, double (*restrict u)[4][4]) {
    for (int i = 0; i < n; i++) count(&u[i][0][0], m);
}
