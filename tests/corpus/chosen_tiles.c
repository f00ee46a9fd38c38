// mupac: --cpu-threshold 100
/* Both operands are rows of one array, one of them read by columns: the choice tiles, stages both and pads one. */
void gram(int n, int m, float *g, const float *a) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0;
            for (int k = 0; k < m; k++)
                sum += a[i * m + k] * a[j * m + k];
            g[i * n + j] = sum;
        }
}
