// mupac: region prefix:6
// mupac: step split i 256 -> i.o i.i
// mupac: step bind i block.x
// mupac: step bind i.i thread.x
void prefix(int n, float *a, const float *b) {
    for (int i = 0; i < n; i++) //~ illegal-step: bind i block.x: the region has no such loop
        a[i] = b[i];
}
