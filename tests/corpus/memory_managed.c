/* Copies in managed memory: arrays may be larger than the device's memory. */
// mupac: --cpu-threshold 100 --memory=managed
float joined(int n, const float *a, float *b) {
    float sum = 0;
    for (int i = 0; i < n; i++) b[i] = a[i] * a[i];
    for (int i = 0; i < n; i++) sum += b[i];
    return sum;
}
