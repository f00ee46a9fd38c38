/* No loop goes unmentioned, and what keeps one back is said in words of C. */
#define EACH(v, n) for (int v = 0; v < (n); v++)
#define CHECK(n) do { if ((n) < 0) return; } while (0)

struct flags {
    unsigned low : 3;
    int high;
};

void by_macro(int n, int *a) {
    CHECK(n);
    EACH(i, n) EACH(j, 4) a[4 * i + j] = j;
}

void bit_field(int n, struct flags *f) {
    for (int i = 0; i < n; i++)
        f[i].low += 1;
}

void written_out(int n, const int *restrict a, int *restrict b) {
    for (int i = 0; i < n; i++)
        b[i] = a[i] + 1;
}
