/* Inner loops whose bounds depend on the loop around them: both are shared out, and a condition leaves out what is too much. */
#include <stdio.h>

#define N 300

static double a[N][N], c[N][N], u[N][N];

/* Every pair once. */
void pairs(int n, const double *x, double *distance) {
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++)
            distance[i * n + j] = x[i] > x[j] ? x[i] - x[j] : x[j] - x[i];
}

/* The other triangle, downwards. */
void mirror(int n, double m[n][n]) {
    for (int i = 1; i < n; i++)
        for (int j = i - 1; j >= 0; j--)
            m[i][j] = m[j][i];
}

/* Red and black elements, with a sum. */
double sweep(int colour) {
    double change = 0;
    for (int i = 1; i < N - 1; i++)
        for (int j = 1 + (i + colour) % 2; j < N - 1; j += 2) {
            double r = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1]) - u[i][j];
            u[i][j] += r;
            change += r * r;
        }
    return change;
}

/* A band moves along with its row, so a rectangle around it would be wide. */
void band(void) {
    for (int i = 40; i < N - 40; i++)
        for (int j = i - 40; j <= i + 40; j++) a[i][j] = a[i][j] + i;
}

/* Half as many in every second row. */
void halves(int n, float *out) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < (i + n) / 2; j++) out[i * n + j] = i - j;
}

/* A triangle of sums, mirrored: threads share out both loops, and each sums alone. */
void products(int n) {
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            c[i][j] = 0;
            for (int k = 0; k < N; k++) c[i][j] += a[k][i] * a[k][j];
            c[j][i] = c[i][j];
        }
}

/* The same with a statement between the loops, which becomes a nest by itself. */
void correlation(int n) {
    for (int i = 0; i < n - 1; i++) {
        c[i][i] = 1;
        for (int j = i + 1; j < n; j++) {
            double s = 0;
            for (int k = 0; k < N; k++) s += a[k][i] * a[k][j];
            c[i][j] = c[j][i] = s / N;
        }
    }
}

/* What stands between is a value of the row, which the inner loop needs: it stays with its row. */
void scaled(int n) {
    for (int i = 0; i < n; i++) {
        double least = a[i][0];
        for (int j = 0; j < N; j++)
            if (a[i][j] < least) least = a[i][j];
        for (int j = i; j < n; j++) {
            double s = 0;
            for (int k = 0; k < N; k++) s += a[i][k] - least;
            c[i][j] = s + j;
        }
    }
}

int main(void) {
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            a[i][j] = (i * 7 + j * 3) % 11;
            u[i][j] = (i + j) % 5;
        }
    double change = sweep(0) + sweep(1);
    band();
    double sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = i; j < N; j++) sum += a[i][j] - u[i][j];
    products(N);
    sum += c[3][5] + c[N - 1][N - 1];
    correlation(N - 1);
    sum += c[7][2] + c[2][7] + c[N - 1][N - 1];
    scaled(N);
    sum += c[4][9];
    printf("%.6f %.6f\n", change, sum);
    return 0;
}
