// mupac: --cpu-threshold 100
// mupac: region product:13
// mupac: step tile i j 16 16 -> i.o j.o i.i j.i
// mupac: step split k 16 -> k.o k.i
// mupac: step bind i.o block.y
// mupac: step bind j.o block.x
// mupac: step bind i.i thread.y
// mupac: step bind j.i thread.x
// mupac: step stage k.o a -> a_s
// mupac: step stage k.o b -> b_s
/* Sizes that are multiples of the tiles leave no condition behind. */
void product(float c[64][64], const float a[64][64], const float b[64][64]) {
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            c[i][j] = 0;
            for (int k = 0; k < 64; k++)
                c[i][j] += a[i][k] * b[k][j];
        }
}
