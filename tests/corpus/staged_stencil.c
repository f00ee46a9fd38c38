// mupac: --cpu-threshold 100
// mupac: region smooth:17
// mupac: step tile i j 8 32 -> i.o j.o i.i j.i
// mupac: step bind i.o block.y
// mupac: step bind j.o block.x
// mupac: step bind i.i thread.y
// mupac: step bind j.i thread.x
// mupac: step stage j.i a -> a_s
// mupac: step tile i.2 j.2 8 32 -> i.2.o j.2.o i.2.i j.2.i
// mupac: step bind i.2.o block.y
// mupac: step bind j.2.o block.x
// mupac: step bind i.2.i thread.y
// mupac: step bind j.2.i thread.x
// mupac: step stage j.2.i b -> b_s
/* Each block shares its tile and a frame of one element around; the arrays stay on the device for all steps. */
void smooth(int steps, int n, double a[][512], double b[][512]) {
    for (int t = 0; t < steps; t++) {
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < 511; j++)
                b[i][j] = 0.2 * (a[i][j] + a[i][j - 1] + a[i][j + 1] + a[i - 1][j] + a[i + 1][j]);
        for (int i = 1; i < n - 1; i++)
            for (int j = 1; j < 511; j++)
                a[i][j] = 0.2 * (b[i][j] + b[i][j - 1] + b[i][j + 1] + b[i - 1][j] + b[i + 1][j]);
    }
}
