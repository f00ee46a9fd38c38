/* Between the launches loops stay on the host: what they touch goes home alone, and the rest stays on the device. */
// mupac: --cpu-threshold 100
#include <stdio.h>
#include <stdlib.h>
#define N 600
struct sheet { int rows, columns; double *value; int *next; };
static double table[20][30], line[N];
static void damp(double *x, int n) {
    for (int i = 0; i < n; i++) x[i] = 0.75 * x[i] + 0.1;
}
/* Sums of all that come before, and of all behind. */
static void sums(double *x, int n) {
    for (int i = 1; i < n; i++) x[i] += 0.5 * x[i - 1];
    for (int i = n - 2; i >= 0; i--) x[i] += 0.5 * x[i + 1];
}
/* Rows that lie behind one another; each element waits for its neighbours. */
static void relax(struct sheet *s) {
    for (int i = 1; i < s->rows; i++)
        for (int j = 1; j < s->columns; j++)
            s->value[i * s->columns + j] += 0.25 * (s->value[(i - 1) * s->columns + j] + s->value[i * s->columns + j - 1]);
}
/* Which element comes next, an array says. */
static double chase(const struct sheet *s, int steps) {
    double sum = 0;
    for (int at = 0; steps-- > 0; at = s->next[at]) sum += s->value[at];
    return sum;
}
/* Elements of a row below the diagonal, down to one that is large. */
static int below(int row) {
    int found = 0;
    for (int j = 0; j < row; j++) {
        table[row][j] += 0.5 * table[row - 1][j];
        if (table[row][j] > 50) break;
        found++;
    }
    return found;
}
/* A subscript that nobody knows, of an array that lies in a variable. */
static void scatter(const int *next, int n) {
    for (int i = 0; i < n; i++) line[next[i] % N] += 0.125 * line[i];
}
int main(void) {
    struct sheet s = {20, 30, malloc(N * sizeof(double)), malloc(N * sizeof(int))};
    if (!s.value || !s.next) return 1;
    for (int i = 0; i < N; i++) {
        s.value[i] = i % 9;
        s.next[i] = i * 7 % N;
        line[i] = i % 4;
        table[i / 30][i % 30] = i % 5;
    }
    double seen = 0;
    for (int t = 0; t < 6; t++) {
        damp(s.value, N);
        damp(line, N);
        sums(line + 100, 50);
        damp(line, N);
        relax(&s);
        damp(&table[0][0], N);
        seen += chase(&s, 5) + below(t + 3);
        damp(s.value, N);
        damp(&table[0][0], N);
        scatter(s.next, N);
        damp(line, N);
        for (int i = 0; i < s.rows; i++) s.value[i * s.columns] = t;
        damp(s.value, N);
    }
    for (int i = 0; i < N; i += 97) printf("%.12g %.12g %.12g\n", s.value[i], line[i], table[i / 30][i % 30]);
    printf("%.12g\n", seen);
    free(s.value);
    free(s.next);
    return 0;
}
