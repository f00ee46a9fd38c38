// mupac: --cpu-threshold=auto
static int at[100000];
static float x[100000], y[100000];
void spread(int n) {
    for (int i = 0; i < n; i++) //~ unprofitable: predicted to take longer on the GPU
        //? looking at subscripts in memory takes longest
        y[at[i]] = x[i];
}
//// as the hint says
// mupac: --cpu-threshold=auto
static int at[100000];
static float x[100000], y[100000];
void spread(int n) {
    for (int t = 0; t < 100; t++)
        for (int i = 0; i < n; i++) //~ kernel
            y[at[i]] = x[i] * t;
}
