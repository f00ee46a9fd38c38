// mupac: --check=off
// Where the best of all pairs is, by counters that have no number of 64 bits in the order of the loops: only the inner loop
// is a search of its own.

// Counters of 64 bits have no number of 64 bits for both: only the inner loop is a search.
void too_wide(long n, const int *restrict a, long *restrict found) {
    int best = -1;
    long row = 0, column = 0;
    for (long i = 0; i < n; i++) //~ carried-dependence: i = 1 reads best, which i = 0 wrote
        for (long j = 0; j < n; j++)
            if ((a[i * n + j] & 1023) > best) {
                best = a[i * n + j] & 1023;
                row = i;
                column = j;
            }
    found[0] = row;
    found[1] = column;
}

// One counts up, the other one down: only the inner loop is a search.
void back_and_forth(int n, const int *restrict a, int *restrict found) {
    int best = -1, row = 0, column = 0;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 reads best, which i = 0 wrote
        for (int j = n - 1; j >= 0; j--)
            if ((a[i * n + j] & 1023) > best) {
                best = a[i * n + j] & 1023;
                row = i;
                column = j;
            }
    found[0] = row;
    found[1] = column;
}
