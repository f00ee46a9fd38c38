/* Variables of the host have the names of their own types, and of what CUDA declares. */
// mupac: --cpu-threshold 100
typedef struct { double m, x; } body;
void kick(int n, int steps, body *body) {
    for (int step = 0; step < steps; step++)
        for (int i = 0; i < n; i++)
            body[i].x += body[i].m;
}
void smooth(int n, int dim3, float (*u)[64], float (*v)[64], int cudaGetLastError, int mupac, int blocks, int check) {
    for (int i = 1; i < n; i++)
        for (int j = 1; j < 63; j++)
            v[i][j] = u[i][j - 1] + u[i][j + 1] * dim3 + cudaGetLastError * mupac + blocks - check;
}
