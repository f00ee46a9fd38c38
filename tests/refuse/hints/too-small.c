// mupac: --cpu-threshold=8192
void fill(double *a) {
    for (int i = 0; i < 1000; i++) //~ too-small: 1000 iterations are too few to pay for a launch
        //? --cpu-threshold N
        a[i] = i;
}
//// as the hint says
// mupac: --cpu-threshold=1000
void fill(double *a) {
    for (int i = 0; i < 1000; i++) //~ kernel
        a[i] = i;
}
