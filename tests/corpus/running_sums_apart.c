// mupac: --cpu-threshold 0
// Running sums of what other loops, or other parts of the loop, have written: these come first.

// Two loops over the same iterations, of which the second adds up what the first has found so far.
int twice(const int *a, int *once, int *again, int n) {
    int s = 0, t = 0;
    for (int i = 0; i < n; i++) {
        s += a[i];
        once[i] = s;
    }
    for (int i = 0; i < n; i++) {
        t += once[i];
        again[i] = t;
    }
    return t;
}

// Flags, and where what they mark goes.
int places(const int *b, int *flag, int *place, int n) {
    int count = 0;
    for (int i = 0; i < n; i++) flag[i] = b[i] > 2;
    for (int i = 0; i < n; i++) {
        place[i] = count;
        count += flag[i];
    }
    return count;
}

// Rows whose start is the end of the one before, by a number that both need.
void rows(int m, const int *a, int *b, int *o) {
    for (int r = 1; r < m; r++) {
        int k = a[r] * 3;
        b[r] = b[r - 1] + k;
        for (int j = r * 5 + 1; j < r * 5 + 5; j++) o[j] = o[j - 1] + k;
    }
}

void offsets(int m, const int *a, int *b, int *o) {
    for (int r = 1; r < m; r++) {
        int h = r * 5;
        for (int j = 1; j < 5; j++) o[h + j] = o[h + j - 1] + a[h + j];
        b[r] = b[r - 1] + a[h];
    }
}

// In place, again and again.
void repeated(int *a, int n, int times) {
    for (int t = 0; t < times; t++) {
        for (int i = 1; i < n; i++) a[i] += a[i - 1];
        for (int i = 1; i < n; i++) a[i] += a[i - 1];
    }
}

// Products of factors alone would leave the range of the type: the loop stays on the host.
void growth(double *x, const double *rate, int n) {
    for (int i = 1; i < n; i++) x[i] = x[i - 1] * (1 + rate[i]);
}
