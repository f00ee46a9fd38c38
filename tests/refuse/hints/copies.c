// mupac: --cpu-threshold=auto
void decay(int n, int s, float *a) {
    for (int i = 0; i < n; i += s) //~ unprofitable: predicted to take longer on the GPU
        //? in a loop around this one
        a[i] *= 0.5f;
}
//// as the hint says
// mupac: --cpu-threshold=auto
void decay(int n, int s, float *a) {
    for (int t = 0; t < 100; t++)
        for (int i = 0; i < n; i += s) //~ kernel
            a[i] *= 0.5f;
}
