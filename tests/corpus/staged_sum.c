// mupac: --cpu-threshold 100
// mupac: region correlation:10
// mupac: step split i 128 -> i.o i.i
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
// mupac: step stage i.i x -> x_s
/* The threads of a block share a window of the signal, and join their sums after it. */
long correlation(int n, const int *x) {
    long sum = 0;
    for (int i = 2; i < n; i++)
        sum += (long)x[i] * (x[i - 1] + 2 * x[i - 2]);
    return sum;
}
