// mupac: --cpu-threshold 100
// mupac: region gram:15
// mupac: step tile i j 16 16 -> i.o j.o i.i j.i
// mupac: step split k 16 -> k.o k.i
// mupac: step bind i.o block.y
// mupac: step bind j.o block.x
// mupac: step bind i.i thread.y
// mupac: step bind j.i thread.x
// mupac: step stage k.o a -> a_rows
// mupac: step stage k.o a -> a_columns
// mupac: step pad a_columns 1
/* One array stands for both operands, each with a tile of its own; one subscript stands for two. The tile that is read by
   columns has longer rows. */
void gram(int n, int m, float *g, const float *a) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            float sum = 0;
            for (int k = 0; k < m; k++)
                sum += a[i * m + k] * a[j * m + k];
            g[i * n + j] = sum;
        }
}
