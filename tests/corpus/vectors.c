// mupac: region saxpy:8
// mupac: step vectorize i 4 256 -> i.o i.i i.v
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
/* Each thread moves four neighbouring elements by one access; what is left at the end moves one by one. */
void saxpy(int n, float a, const float *x,
           float *y) {
    for (int i = 0; i < n; i++)
        y[i] = a * x[i] + y[i];
}
