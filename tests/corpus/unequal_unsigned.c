// mupac: --cpu-threshold 0
// Unsigned counters that are compared by `!=`, up to the limit of their type, or with a number of a wider one.
#include <stddef.h>
#include <stdint.h>

void scale(float *x, const float *y, size_t n) {
    for (size_t i = 0; i != n; ++i) x[i] = 2 * y[i];
}

void table(float *x, unsigned rows, unsigned columns) {
    for (unsigned i = 0; i != rows; ++i)
        for (unsigned j = 0; j != columns; ++j) x[i * columns + j] = (float)i - (float)j;
}

void counted_by_32_bits(float *x, uint64_t n) {
    for (uint32_t i = 0; i < n; ++i) x[i] = 1;
}

void charges(float *grid, uint64_t size) {
    for (uint64_t x = 0; x <= size; x++)
        for (uint64_t y = 0; y <= size; y++) grid[x * (size + 1) + y] = x % 2 == 0 ? 1.0f : -1.0f;
}

void twice(float *x, int m) {
    do {
        *x = 2 * *x;
        x++;
    } while (--m);
}

void twice_wide(float *x, size_t m) {
    do {
        *x = 2 * *x;
        x++;
    } while (--m);
}

// From another start than 0 a counter of 32 bits may come round: it stays.
void come_round(float *x, unsigned first, unsigned n) {
    for (unsigned i = first; i != n; ++i) x[i] = 0;
}

// Left early, a counter of 64 bits that starts behind its bound would matter: it stays.
size_t left_early(const float *x, size_t first, size_t n) {
    size_t found = 0;
    for (size_t i = first; i != n; ++i) {
        if (x[i] > 0) break;
        found++;
    }
    return found;
}

// For the first two `j` the inner counter starts behind its bound, and comes round to it in two steps.
void behind_bound(int *count, size_t n) {
    for (size_t j = 0; j < n; j++)
        for (size_t i = j - 2; i != j; i++) count[j] += 3;
}
