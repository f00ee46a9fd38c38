/* Integers: counts, a sum over two loops that starts with a value, a sum into memory, bits. */
int matches(int n, const int *a, int key) {
    int count = 0;
    for (int i = 0; i < n; i++)
        count += a[i] == key;
    return count;
}

long total(int n, const short a[][40], long start) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 40; j++)
            start -= a[i][j];
    return start;
}

void tally(int n, const unsigned char *a, int *sum) {
    for (int i = 0; i < n; i++)
        if (a[i] > 100) *sum += a[i];
}

unsigned flags(int n, const unsigned *a) {
    unsigned any = 0, all = ~0u, odd = 0;
    for (int i = 0; i < n; i++) {
        any |= a[i];
        all &= a[i];
        odd ^= a[i];
    }
    return any ^ all ^ odd;
}
