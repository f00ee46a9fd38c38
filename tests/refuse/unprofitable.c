// mupac: --cpu-threshold auto
/* A launch takes longer than this, and so do the copies. */
void few(float *a, const float *b) {
    for (int i = 0; i < 100; i++) //~ unprofitable: predicted to take longer on the GPU: 4.2 us in kernels and 120 us for copies, against 185 ns on one core
        a[i] = 2 * b[i];
}
