// mupac: --cpu-threshold 0
// Searches that leave iterations out, and counters that are compared with something added to them.
#include <float.h>
#include <stddef.h>

int nearest_other(const double *x, int n, int self) {
    double best = DBL_MAX;
    int at = -1;
    for (int j = 0; j < n; j++) {
        if (j == self) continue;
        double d = (x[j] - x[self]) * (x[j] - x[self]);
        if (d < best) { best = d; at = j; }
    }
    return at;
}

// What decides is computed before, in loops of its own.
int threshold(const double *p) {
    double best = 0;
    int at = 0;
    for (int t = 1; t < 256; t++) {
        double below = 0, above = 0;
        for (int i = 0; i < t; i++) below += p[i];
        for (int i = t; i < 256; i++) above += p[i];
        if (below <= 0 || above <= 0) continue;
        double ratio = below * above;
        if (ratio > best) { best = ratio; at = t; }
    }
    return at;
}

int under_a_condition(const double *p, const double *q, int n) {
    double best = 0;
    int at = 0;
    for (int t = 0; t < n; t++)
        if (q[t] > 0) {
            double v = p[t] - q[t];
            if (v >= best) { best = v; at = t; }
        }
    return at;
}

void pairs(const float *a, float *b, size_t n) {
    for (size_t i = 0; i + 1 < n; i++) b[i] = a[i] + a[i + 1];
}

void triples(const float *a, float *b, size_t n) {
    for (size_t i = 0; i + 2 < n; i += 3) b[i] = a[i] + a[i + 1] + a[i + 2];
}

void windows(const char *s, long n, long width, float *share) {
    for (long i = 0; i + width <= n; i++) {
        long count = 0;
        for (long k = 0; k < width; k++) count += s[i + k] == 'G';
        share[i] = count;
    }
}

void differences(const float *a, float *b, unsigned n, unsigned lag) {
    for (unsigned i = 0; i + lag < n; i++) b[i] = a[i + lag] - a[i];
}

// A row of a table of centres by its number, and one that data choose in a table of the iteration.
static float centres[6][4];
static float distance(const float *a, const float *b, int d) {
    float s = 0;
    for (int i = 0; i < d; i++) s += (a[i] - b[i]) * (a[i] - b[i]);
    return s;
}
void set_centres(const float *from) {
    for (int c = 0; c < 6; c++)
        for (int i = 0; i < 4; i++) centres[c][i] = from[c * 4 + i];
}
void assign(const float *p, int n, int *nearest) {
    for (int i = 0; i < n; i++) {
        int best = 0;
        float least = distance(p + i * 4, centres[0], 4);
        for (int c = 1; c < 6; c++) {
            float d = distance(p + i * 4, centres[c], 4);
            if (d < least) { least = d; best = c; }
        }
        nearest[i] = best;
    }
}

void traced_back(int n, const int *from, int *path) {
    for (int q = 0; q < n; q++) {
        unsigned char back[16][6];
        for (int t = 0; t < 16; t++)
            for (int j = 0; j < 6; j++) back[t][j] = (from[q * 16 + t] + j) & 3;
        int state = 0;
        for (int t = 15; t >= 0; t--) {
            path[q * 16 + t] = state;
            state = back[t][state];
        }
    }
}

static unsigned hash(const void *data, size_t length) {
    const unsigned char *p = data;
    unsigned h = 2166136261u;
    for (size_t i = 0; i < length; i++) h = (h ^ p[i]) * 16777619u;
    return h;
}
void hashes(const unsigned char *records, size_t n, size_t length, unsigned *out) {
    for (size_t i = 0; i < n; i++) out[i] = hash(records + i * length, length);
}
