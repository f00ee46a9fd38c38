// mupac: --cpu-threshold 100
/* Updates that commute are atomic; what is added may be a chain that must not overflow on its way. */
void count(int n, const unsigned char *gray, unsigned *h) {
    for (int i = 0; i < n; i++)
        h[gray[i]]++;
}

void weigh(int n, const int *bin, const int *a, const int *b, int *h) {
    int i, c;
    for (i = 0; i < n; i++) {
        c = bin[i];
        h[c] = h[c] + a[i] - b[i];
    }
}

void greatest(int n, const int *bin, const long *v, long *m, unsigned long *bits) {
    for (int i = 0; i < n; i++) {
        if (v[i] > m[bin[i]])
            m[bin[i]] = v[i];
        bits[bin[i]] |= 1ul << (i & 63);
    }
}

void degrees(int n, const int *row, const int *column, int *incoming) {
    for (int i = 0; i < n; i++)
        for (int k = row[i]; k < row[i + 1]; k++)
            incoming[column[k]]++;
}
