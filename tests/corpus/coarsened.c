// mupac: region scale:7
// mupac: step coarsen i 2 64 -> i.o i.i i.u
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
/* Each thread runs two iterations, a block's width apart. */
void scale(int n, float *a, float value) {
    for (int i = 0; i < n; i++)
        a[i] = a[i] * value;
}
