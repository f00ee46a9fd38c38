// mupac: --cpu-threshold 0
// Counts in members of one structure, which data choose, beside totals of the same structure.
#include <stdio.h>

typedef struct {
    int bins[16][16];
    int single[64];
    long total;
    int most;
} histogram;

static void joint(histogram *h, const unsigned char *a, const unsigned char *b, int n) {
    for (int i = 0; i < n; i++) h->bins[a[i] >> 4][b[i] >> 4]++;
}

/* The total is an element that all iterations join. */
static void counted(histogram *h, const unsigned char *a, int n) {
    for (int i = 0; i < n; i++) {
        h->single[a[i] >> 2]++;
        h->total++;
        if (a[i] > h->most) h->most = a[i];
    }
}

/* Elements that each iteration has for itself, beside a total: no kernel copies what the host joins. */
static void per_place(histogram *h, const unsigned char *a) {
    for (int i = 0; i < 64; i++) {
        h->single[i] += a[i];
        h->total += a[i];
    }
}

/* One iteration reads what another one counts. */
static void looked_at(histogram *h, const unsigned char *a, int n) {
    for (int i = 0; i < n; i++) {
        h->bins[a[i] >> 4][1]++;
        h->bins[a[i] >> 4][2] += h->bins[0][0];
    }
}

static void limited(histogram *h, const unsigned char *a, int n) {
    for (int i = 0; i < n; i++)
        if (h->bins[a[i] >> 4][3] < 9) h->bins[a[i] >> 4][3]++;
}

/* Structures of their own, one an iteration of the loop outside. */
static void several(histogram *h, const unsigned char *a, int n, int m) {
    for (int k = 0; k < m; k++)
        for (int i = 0; i < n; i++) h[k].bins[a[i] & 15][k & 15]++;
}

static histogram all[3];

int main(void) {
    static unsigned char a[600], b[600];
    for (int i = 0; i < 600; i++) {
        a[i] = (unsigned char)(i * 37);
        b[i] = (unsigned char)(i * i);
    }
    joint(&all[0], a, b, 600);
    counted(&all[0], a, 600);
    per_place(&all[1], a);
    looked_at(&all[1], a, 600);
    limited(&all[1], b, 600);
    several(all, b, 600, 3);
    for (int k = 0; k < 3; k++) {
        long sum = 0;
        for (int i = 0; i < 16; i++)
            for (int j = 0; j < 16; j++) sum = sum * 3 % 1000003 + all[k].bins[i][j];
        for (int i = 0; i < 64; i++) sum = sum * 5 % 1000003 + all[k].single[i];
        printf("%ld %ld %d\n", sum, all[k].total, all[k].most);
    }
    return 0;
}
