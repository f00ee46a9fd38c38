// mupac: --cpu-threshold 0
/* In a smaller program the loop over parts does nothing: its function goes back to its text, and the other one is tested. */
#define N 4000000
#define PART 1500000
static double a[N], b[N], sums[2];

void scale(double by) {
    for (int g = 0; g < N / PART; g++)
        sums[g] = by * sums[g] / (1 + a[g] * a[g]);
}

void relax(void) {
    for (int t = 0; t < 100; t++)
        for (int i = 1; i < N - 1; i++)
            b[i] = 0.5 * a[i] + 0.25 * (a[i - 1] + a[i + 1]);
}
