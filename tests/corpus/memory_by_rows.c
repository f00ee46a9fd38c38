// memcpy and memset of whole elements are loops; where they are of bytes, they stay calls.
#include <string.h>

struct pixel {
    float colour[3];
    int depth;
};

void copy_rows(int n, int m, double *a, const double *b) {
    for (int i = 0; i < n; i++) memcpy(a + i * m, b + i * m, m * sizeof *a);
}

void clear_rows(int n, int m, float a[n][m]) {
    for (int i = 0; i < n; i++) memset(a[i], 0, sizeof(float) * m);
}

// Which row it is stands in memory.
void gather(int n, int m, float *out, const float *table, const int *ids) {
    for (int i = 0; i < n; i++) memcpy(out + i * m, table + ids[i] * m, m * sizeof(float));
}

void borders(int n, size_t width, unsigned count, unsigned char *out, const unsigned char *in, int value) {
    for (int i = 0; i < n; i++) {
        memset(out + i * width, value, width);
        memcpy(out + i * width, in, count);
    }
}

// Memory of an iteration, structures, and rows of both.
void pixels(int n, struct pixel *out, const struct pixel *in, float (*colours)[3]) {
    for (int i = 0; i < n; i++) {
        float own[3];
        memcpy(own, in[i].colour, sizeof own);
        own[0] *= 0.5f;
        memcpy(&out[i], &in[i], sizeof *out);
        memcpy(out[i].colour, own, sizeof own);
        memcpy(colours[i], own, sizeof colours[i]);
    }
}

// Stays: bytes of numbers.
void low_halves(int n, int *a, const int *b) {
    for (int i = 0; i < n; i++) memcpy((short *)a + 4 * i, (const short *)b + 4 * i, 8);
}
