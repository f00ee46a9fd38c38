// mupac: --memory=device
void scale(const int *n, float *x) {
    for (int i = 0; i < *n; i++) //~ host-memory: the host reads or writes what n leads to
        //? read what decides about loops before, and pass it as a number
        x[i] *= 2;
}
//// as the hint says
// mupac: --memory=device
void scale(int n, float *x) {
    for (int i = 0; i < n; i++) //~ kernel
        x[i] *= 2;
}
