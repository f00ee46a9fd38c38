// mupac: --cpu-threshold=auto
void twice(float *a, const float *b) {
    for (int i = 0; i < 100; i++) //~ unprofitable: predicted to take longer on the GPU
        //? give it more iterations
        a[i] = 2 * b[i];
}
//// as the hint says
// mupac: --cpu-threshold=auto
void twice(int n, float *a, const float *b) {
    for (int j = 0; j < n; j++) //~ kernel
        for (int i = 0; i < 100; i++)
            a[j * 100 + i] = 2 * b[j * 100 + i];
}
