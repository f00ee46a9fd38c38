// mupac: --cpu-threshold 0
// Shortest paths between all pairs: in step k nothing changes row and column k, where no distance is negative.
#define NONE 1000000

void rows(float **d, int n) {
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j];
}

void flat(int *d, int n) {
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++) {
            int first = d[i * n + k];
            if (first == NONE) continue;
            for (int j = 0; j < n; j++) {
                int through = first + d[k * n + j];
                if (through < d[i * n + j]) d[i * n + j] = through;
            }
        }
}

void with_steps(int d[40][40], int next[40][40]) {
    for (int k = 0; k < 40; k++)
        for (int i = 0; i < 40; i++)
            for (int j = 0; j < 40; j++)
                if (d[k][j] != NONE && d[i][j] > d[i][k] + d[k][j]) {
                    d[i][j] = d[i][k] + d[k][j];
                    next[i][j] = next[i][k];
                }
}

// What is written is no sum of distances: nothing says that they stay as they are.
void shortened(int *d, int n) {
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (d[i * n + k] + d[k * n + j] < d[i * n + j]) d[i * n + j] = d[i * n + k] + d[k * n + j] - 1;
}

// What the host would look at before is no square of neighbours: columns first, every other column, one square of several.
void columns(int n, double *d) {
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (d[k * n + i] + d[j * n + k] < d[j * n + i]) d[j * n + i] = d[k * n + i] + d[j * n + k];
}

void every_other(int n, int m, double *d) {
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (d[i * m + 2 * k] + d[k * m + 2 * j] < d[i * m + 2 * j])
                    d[i * m + 2 * j] = d[i * m + 2 * k] + d[k * m + 2 * j];
}

void several(int count, int d[][20][20]) {
    for (int q = 0; q < count; q++)
        for (int k = 0; k < 20; k++)
            for (int i = 0; i < 20; i++)
                for (int j = 0; j < 20; j++)
                    if (d[q][i][k] + d[q][k][j] < d[q][i][j]) d[q][i][j] = d[q][i][k] + d[q][k][j];
}
