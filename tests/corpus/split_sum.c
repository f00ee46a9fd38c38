// Few sums of many terms: blocks share out the terms of each.
void transposed(int n, const float a[][64], const float *x, float *y) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 64; j++)
            y[j] += a[i][j] * x[i];
}

void tall(int n, double c[16][16], const double a[][16], const double b[][16]) {
    for (int i = 0; i < 16; i++)
        for (int j = 0; j < 16; j++)
            for (int k = 0; k < n; k++)
                c[i][j] += a[k][i] * b[k][j];
}

// What starts the sums has a kernel of its own.
void gram(int n, float c[32][32], const float a[][32]) {
    for (int i = 0; i < 32; i++)
        for (int j = 0; j < 32; j++) {
            c[i][j] = 0;
            for (int k = 0; k < n; k++)
                c[i][j] += a[k][i] * a[k][j];
        }
}
