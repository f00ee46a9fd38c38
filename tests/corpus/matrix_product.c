/* Two parallel loops around a sequential one. */
void product(int n, float c[][128], float a[][128], float b[128][128]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 128; j++) {
            c[i][j] = 0;
            for (int k = 0; k < 128; k++)
                c[i][j] += a[i][k] * b[k][j];
        }
}
