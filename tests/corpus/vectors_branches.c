// mupac: region keep:8
// mupac: step vectorize i 4 64 -> i.o i.i i.v
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
/* What some iterations write first, all read: the vector holds what was there. What all write first is not read. */
void keep(int n, const int *x, int *y,
          int *z) {
    for (int i = 0; i < n; i++) {
        if (x[i] > 3) y[i] = x[i];
        y[i] = y[i] / 2;
        z[i] = x[i];
        if (y[i] > 5) z[i] = y[i];
    }
}
