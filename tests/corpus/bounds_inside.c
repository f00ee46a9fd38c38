// mupac: --cpu-threshold 0
// mupac: region spread:10
// mupac: step interchange j k
// mupac: step split k 128 -> k.o k.i
// mupac: step bind i block.y
// mupac: step bind k.o block.x
// mupac: step bind k.i thread.x
/* How often the loop over `j` runs depends on the block, so the host asks nothing about it. */
void spread(long n, long m, signed char c[n][m][30], const signed char *restrict d) {
    for (long i = 1; i < n; i++)
        for (int j = i; j < m; j++)
            for (int k = 1; k < 30; k += 3)
                c[i][j][k] = d[j * n + k];
}
