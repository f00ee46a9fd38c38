// mupac: --check=off
// Where the best of all pairs is, by counters that have no number of 64 bits in the order of the loops: only the inner loop
// is a search of its own. Or where the best of one loop is, by a counter that may be the number which says that there is none.

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

// The counter is at first the least number of 64 bits.
void from_the_least(const int *restrict a, long *restrict found) {
    int best = -1;
    long at = 0;
    for (long i = -9223372036854775807L - 1; i < -9223372036854775807L + 2999; i++) //~ carried-dependence: i = -9223372036854775807 reads best, which i = -9223372036854775808 wrote
        if ((a[i + 9223372036854775807L + 1] & 1023) >= best) {
            best = a[i + 9223372036854775807L + 1] & 1023;
            at = i;
        }
    *found = at;
}
