// mupac: --cpu-threshold 100
// mupac: region product:17
// mupac: step tile i j 16 16 4 4 -> i.o j.o i.i j.i i.u j.u
// mupac: step split k 16 -> k.o k.i
// mupac: step bind i.o block.y
// mupac: step bind j.o block.x
// mupac: step bind i.i thread.y
// mupac: step bind j.i thread.x
// mupac: step jam j.u
// mupac: step jam i.u
// mupac: step unroll k.i
// mupac: step stage k.o a -> a_s
// mupac: step stage k.o b -> b_s
/* Both operands of a matrix product pass through shared memory, and each thread keeps a tile of the result in registers:
   what it loads once it uses four times. */
void product(int n, int m, int l, float c[][500], const float a[][500], const float b[][500]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            float sum = 0;
            for (int k = 0; k < l; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
}
