// mupac: --cpu-threshold 100
/* Rows of three: one loop over all elements fills warps that two loops would leave half empty. */
void shade(int n, float p[][3]) {
    for (int i = 0; i < n; i++)
        for (int c = 0; c < 3; c++)
            p[i][c] = 0.5f * p[i][c];
}
