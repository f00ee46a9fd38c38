// mupac: --cpu-threshold 0
// Integers that the iterations of a loop inside hand on: what bounds them says how far a table is read.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOTS 211
#define QUERIES 300

// The first element that is not less than each query.
static void not_less(int n, const double *restrict table, int m, const double *restrict query, int *restrict at) {
    for (int q = 0; q < m; q++) {
        int low = 0, high = n;
        while (low < high) {
            int middle = low + (high - low) / 2;
            if (table[middle] < query[q])
                low = middle + 1;
            else
                high = middle;
        }
        at[q] = low;
    }
}

// Where each query stands, if it does; both ends belong to what is searched.
static void place_of(int n, const double *restrict table, int m, const double *restrict query, int *restrict at) {
    for (int q = 0; q < m; q++) {
        int low = 0, high = n - 1, place = -1;
        while (low <= high) {
            int middle = (low + high) / 2;
            if (table[middle] == query[q]) {
                place = middle;
                break;
            }
            if (table[middle] < query[q])
                low = middle + 1;
            else
                high = middle - 1;
        }
        at[q] = place;
    }
}

// The piece of a curve that holds each query, read behind the loop as well.
static void between(int n, const double *restrict x, const double *restrict y, int m, const double *restrict query,
                    double *restrict out) {
    for (int q = 0; q < m; q++) {
        int low = 0, high = n - 1;
        while (high - low > 1) {
            int middle = (low + high) >> 1;
            if (x[middle] > query[q])
                high = middle;
            else
                low = middle;
        }
        out[q] = y[low] + (y[high] - y[low]) * (query[q] - x[low]);
    }
}

static int nearest(const double *centres, int k, double x) {
    int best = 0;
    for (int i = 1; i < k; i++)
        if (fabs(centres[i] - x) < fabs(centres[best] - x)) best = i;
    return best;
}

static void labels(int n, const double *restrict points, int k, const double *restrict centres, int *restrict label) {
    for (int i = 0; i < n; i++) label[i] = nearest(centres, k, points[i]);
}

// Open addressing: the next slot, and behind the last the first.
static void probe(int slots, const int *restrict keys, const int *restrict values, int n, const int *restrict asked,
                  int *restrict out) {
    for (int i = 0; i < n; i++) {
        unsigned slot = (unsigned)asked[i] * 2654435761u % slots;
        while (keys[slot] != -1 && keys[slot] != asked[i]) slot = (slot + 1) % slots;
        out[i] = keys[slot] == asked[i] ? values[slot] : -1;
    }
}

// The step comes behind a `continue` as well, with another value of `at`.
static void steps(int n, int rounds, const int *restrict skip, double *restrict out, const double *restrict in) {
    for (int i = 0; i < n; i++) {
        int at = 0;
        double sum = 0;
        for (int round = 0; round < rounds; sum += in[at], round++) {
            at = 3;
            if (skip[(i + round) % 7]) continue;
            at = 1;
        }
        out[i] = sum;
    }
}

// What `do` asks behind its first iteration says nothing of that.
static void from_first(int n, double *restrict out, const double *restrict t) {
    for (int i = 1; i < n; i++) {
        double sum = out[i] * t[0];
        int k = 0;
        do {
            sum += out[i - 1] * t[k];
            k = (k + 3) & 7;
        } while (k != 0);
        out[i] = sum;
    }
}

// The first element is read before the condition assigns another place.
static void assigned_last(int n, int place, double *restrict out, const double *restrict t) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        int k = 0, round = 0;
        do {
            sum += t[k];
            round++;
        } while ((k = place) != 0 && round < 3);
        out[i] = sum;
    }
}

// What bounds a value when it is assigned is another bound in the next iteration.
static void quotients(int rows, int n, int divisor, double *restrict out, const double *restrict w) {
    for (int i = 0; i < rows; i++) {
        int k = 0;
        double sum = 0;
        for (int j = n - 1; j >= 0; j--) {
            sum += w[n - 1 - j + k];
            k = j / divisor;
        }
        out[i] = sum;
    }
}

// A search as unsigned numbers, of an array that starts in the middle of another one.
static void unsigned_search(int rows, int n, double x, const double *restrict a, double *restrict out) {
    for (int i = 0; i < rows; i++) {
        int low = 0, high = n;
        double sum = a[i];
        while ((unsigned)low < (unsigned)high) {
            int middle = low + (high - low) / 2;
            sum += a[middle];
            if (a[middle] < x)
                low = middle + 1;
            else
                high = middle;
        }
        out[i] = sum;
    }
}

// Each thread sorts its row by insertion.
static void sorted(int rows, int n, const double *restrict in, double *restrict out) {
    for (int r = 0; r < rows; r++) {
        double row[16];
        for (int i = 0; i < n; i++) row[i] = in[r * n + i];
        for (int i = 1; i < n; i++) {
            double x = row[i];
            int j = i;
            while (j > 0 && row[j - 1] > x) {
                row[j] = row[j - 1];
                j--;
            }
            row[j] = x;
        }
        for (int i = 0; i < n; i++) out[r * n + i] = row[i];
    }
}

// Nothing bounds where a list leads.
static void ends(int n, int rounds, const int *restrict next, int *restrict end) {
    for (int i = 0; i < n; i++) {
        int at = i;
        for (int round = 0; round < rounds; round++) at = next[at];
        end[i] = at;
    }
}

static unsigned sum_of(int n, const int *values) {
    unsigned sum = 0;
    for (int i = 0; i < n; i++) sum = sum * 31 + (unsigned)values[i];
    return sum;
}

int main(void) {
    double query[QUERIES], out[QUERIES];
    int at[QUERIES], asked[QUERIES];
    for (int i = 0; i < QUERIES; i++) {
        query[i] = i * 7 % 53 * 0.5 - 1;
        asked[i] = i * 3;
    }
    for (int n = 0; n < 40; n += 13) {
        double *table = malloc((size_t)n * sizeof *table);
        for (int i = 0; i < n; i++) table[i] = i * 0.75;
        not_less(n, table, QUERIES, query, at);
        printf("%d: %u", n, sum_of(QUERIES, at));
        place_of(n, table, QUERIES, query, at);
        printf(" %u", sum_of(QUERIES, at));
        if (n > 0) {
            labels(QUERIES, query, n, table, at);
            printf(" %u", sum_of(QUERIES, at));
            between(n, table, table, QUERIES, query, out);
            printf(" %.6f", out[17] + out[QUERIES - 1]);
        }
        printf("\n");
        free(table);
    }
    int *keys = malloc(SLOTS * sizeof *keys), *values = malloc(SLOTS * sizeof *values);
    for (int i = 0; i < SLOTS; i++) keys[i] = -1, values[i] = 0;
    for (int i = 0; i < 150; i++) {
        unsigned slot = (unsigned)(i * 6) * 2654435761u % SLOTS;
        while (keys[slot] != -1) slot = (slot + 1) % SLOTS;
        keys[slot] = i * 6, values[slot] = i;
    }
    probe(SLOTS, keys, values, QUERIES, asked, at);
    printf("%u\n", sum_of(QUERIES, at));
    int skip[7] = {0, 1, 0, 0, 1, 1, 0};
    double in[4] = {1, 2, 4, 8};
    steps(QUERIES, 5, skip, out, in);
    printf("%.1f %.1f\n", out[0], out[QUERIES - 1]);
    double *small = malloc(12 * sizeof *small);
    for (int i = 0; i < 12; i++) small[i] = i * 1.5 + 0.25;
    for (int i = 0; i < QUERIES; i++) out[i] = i % 5;
    from_first(5, out, small);
    printf("%.6f", out[4]);
    assigned_last(20, 7, out, small);
    printf(" %.6f", out[19]);
    quotients(20, 6, 1, out, small);
    printf(" %.6f", out[19]);
    unsigned_search(8, 9, 7.5, small + 3, out);
    printf(" %.6f", out[7]);
    unsigned_search(8, 0, 7.5, small + 3, out);
    printf(" %.6f", out[7]);
    sorted(6, 15, query, out);
    printf(" %.6f %.6f\n", out[15], out[89]);
    free(small);
    int next[QUERIES];
    for (int i = 0; i < QUERIES; i++) next[i] = (i * 7 + 1) % QUERIES;
    ends(QUERIES, 9, next, at);
    printf("%u\n", sum_of(QUERIES, at));
    free(keys);
    free(values);
    return 0;
}
