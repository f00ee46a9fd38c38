// mupac: region fill:6
// mupac: step split i 128 -> i.o i.i
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
void fill(int n, float *a, float value) {
    for (int i = 0; i < n; i++)
        a[i] = value;
}
