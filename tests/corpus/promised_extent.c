// mupac: --cpu-threshold 100
/* What the user promises of a pointer is copied whole, and bounds what the tester provides. */
#pragma mupac extent(to: n) extent(from: n)
void shifted(int n, int k, float *to, const float *from, const int *chosen) {
    for (int i = 0; i < n; i++)
        if (chosen[i] > 0)
            to[i] = from[(i * k) % n];
}

void table(int n, int rows, int columns, float *out, const float *in) {
    #pragma mupac extent(in: rows * columns)
    for (int i = 0; i < n; i++)
        out[i] = in[i % columns];
}
