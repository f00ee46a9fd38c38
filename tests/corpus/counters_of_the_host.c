// A counter that a kernel bounds is another one where the host counts: what the kernel of the second loop is passed may be
// anything, so that its subscripts are computed in 64 bits.
// mupac: --cpu-threshold 0
// mupac: region steps:25
// mupac: step split t 128 -> t.o t.i
// mupac: step bind t.o block.x
// mupac: step bind t.i thread.x
// mupac: step split i 8 -> i.o i.i
// mupac: step split j 32 -> j.o j.i
// mupac: step bind i.o block.y
// mupac: step bind i.i thread.y
// mupac: step bind j.o block.x
// mupac: step bind j.i thread.x
// mupac: step split k 16 -> k.o k.i
// mupac: step stage k.o a -> a_s
// mupac: step split i.2 8 -> i.2.o i.2.i
// mupac: step split j.2 32 -> j.2.o j.2.i
// mupac: step bind i.2.o block.y
// mupac: step bind i.2.i thread.y
// mupac: step bind j.2.o block.x
// mupac: step bind j.2.i thread.x
void steps(int rounds, int last, const float *restrict a, const float *restrict b, float *restrict c,
           float *restrict d, float *restrict x) {
    int t;
    for (int s = 0; s < rounds; s++) {
        for (t = 0; t < 100; t++) x[t] += 1;
        for (t = 0; t < last; t++) {
            for (int i = 0; i < 64; i++)
                for (int j = 0; j < 64; j++) {
                    float sum = d[(63 - i) * 64 + 63 - j] * 0.5f;
                    for (int k = 0; k < 64; k++) sum += a[(long)t * 20000 + i * 64 + k] * b[k * 64 + j];
                    c[i * 64 + j] = sum;
                }
            for (int i = 0; i < 64; i++)
                for (int j = 0; j < 64; j++) d[i * 64 + j] = c[j * 64 + i] + c[i * 64 + j];
        }
    }
}
