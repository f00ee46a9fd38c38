/* A counter that goes on where it was says where the copy goes home to, and where it stands afterwards. */
// mupac: --cpu-threshold 0
long append(long n, int used, unsigned *list, const unsigned *values) {
    for (int i = 0; i < n; i++) {
        list[used] = values[i] % 101;
        used++;
    }
    return used;
}
int keep(double *out, const double *in, int n, int at) {
    int last = 0;
    for (int i = 0; i < n; i++) {
        out[at++] = in[i] * 3;
        last = i;
    }
    return at + last;
}
