// mupac: region scale:7
// mupac: step grid-stride i 32 4 -> i.o i.i i.r
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
/* Four blocks of 32 threads walk over all iterations. */
void scale(int n, float *a, float value) {
    for (int i = 0; i < n; i++)
        a[i] = a[i] * value;
}
