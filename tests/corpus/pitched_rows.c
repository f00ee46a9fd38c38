// mupac: --cpu-threshold 100
/* Rows whose distance is a number of bytes, as of cudaMallocPitch: a multiple of the size of an element, under a guard. */
#include <stddef.h>

void sum(int nx, int ny, float *h, int h_pitch, const float *b, size_t b_pitch) {
    for (int y = 0; y < ny; y++)
        for (int x = 0; x < nx; x++) {
            float *row = (float *)((char *)h + h_pitch * y);
            const float *other = (const float *)((const char *)b + b_pitch * y);
            row[x] += other[x];
        }
}

void bytes(int n, float *a) {
    for (int i = 0; i < n; i++) {
        float *p = (float *)((char *)a + i * sizeof(float));
        *p = i;
    }
}

/* What stays: nothing says that the distance is a multiple of four. */
void odd(int n, float *a) {
    for (int i = 0; i < n; i++) {
        float *p = (float *)((char *)a + i);
        *p = i;
    }
}
