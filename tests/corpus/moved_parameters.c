// mupac: --cpu-threshold 0
// Functions that move the pointers they are given, called in loops: each call has pointers of its own.
#include <stddef.h>

static unsigned table[256];

static unsigned checksum(const unsigned char *p, size_t n) {
    unsigned c = ~0u;
    while (n--) c = table[(c ^ *p++) & 255] ^ (c >> 8);
    return ~c;
}

void checksums(unsigned char *data, unsigned *restrict sums, size_t blocks, size_t size) {
    for (size_t b = 0; b < blocks; b++) sums[b] = checksum(data + b * size, size);
}

static void copy(float *to, const float *from, int n) {
    while (n-- > 0) *to++ = *from++;
}

void turn(const float *restrict a, float *restrict b, int rows, int n) {
    for (int i = 0; i < rows; i++) copy(b + i * n, a + (rows - 1 - i) * n, n);
}

// Rows that overlap by one: the last element of one call is the first one of the next.
void chain(const float *restrict a, float *restrict b, int rows, int n) {
    for (int i = 0; i < rows; i++) copy(b + i * (n - 1), a + i * n, n);
}

struct body { double x, mass; };

static double weight(const struct body *at, const struct body *end) {
    double all = 0;
    for (; at < end; at++) all += at->mass * at->x;
    return all;
}

void weights(const struct body *bodies, double *restrict out, int groups, int n) {
    for (int g = 0; g < groups; g++) out[g] = weight(bodies + g * n, bodies + g * n + n);
}

// The caller's own pointer stays where it is.
static int first_two(const int *p) {
    int a = *p++;
    return a * 10 + *p;
}

void pairs(const int *a, int *restrict b, int n) {
    const int *at = a;
    for (int i = 0; i < n; i++) b[i] = first_two(at) + first_two(at + i);
}

static int most(const int (*row)[8], int n) {
    int found = (*row)[0];
    for (int i = 0; i < n; i++, row++)
        for (int k = 0; k < 8; k++)
            if ((*row)[k] > found) found = (*row)[k];
    return found;
}

void mosts(const int (*a)[8], int *restrict b, int groups) {
    for (int g = 0; g < groups; g++) b[g] = most(a + 4 * g, 4);
}

// One pointer follows the other.
static void shift(int *p, int n) {
    int *q = p++;
    for (int i = 1; i < n; i++) *q++ = *p++;
}

void shifts(int *a, int rows, int n) {
    for (int i = 0; i < rows; i++) shift(a + i * n, n);
}
