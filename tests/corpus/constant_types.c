/* Types that C and the IR spell otherwise, rows, and a first element that is not read. */
// mupac: --cpu-threshold 0
// mupac: region weigh:18
// mupac: step split i 64 -> i.o i.i
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
// mupac: step constant i.i taps -> taps_c
// mupac: step constant i.i wide -> wide_c
// mupac: step constant i.i sign -> sign_c
// mupac: region rows:27
// mupac: step split i 64 -> i.o i.i
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
// mupac: step constant i.i w -> w_c
enum sign { minus, plus = 3 };

void weigh(int n, long long *y, const char *x, const char *taps, const long long wide[5], const enum sign *sign) {
    for (int i = 0; i < n; i++) {
        long long s = 0;
        for (int k = 1; k < 5; k++)
            s += (taps[k] * x[i + k] + (wide[k] & 255)) * (sign[k & 1] == plus ? 1 : 2);
        y[i] = s;
    }
}

void rows(int n, double *y, const double (*w)[3], const double *x) {
    for (int i = 0; i < n; i++)
        y[i] = w[1][0] * x[i] + w[1][2] * x[i + 1] + w[2][1];
}
