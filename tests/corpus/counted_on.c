// mupac: --cpu-threshold 0
// Loops that go on where another one, or a caller, left the counter, and whose counter is read behind them.
#include <stddef.h>

// Unrolled, with a tail.
void add(float *x, const float *y, int n) {
    int i = 0;
    for (; i + 4 <= n; i += 4) {
        x[i] += y[i];
        x[i + 1] += y[i + 1];
        x[i + 2] += y[i + 2];
        x[i + 3] += y[i + 3];
    }
    for (; i < n; i++) x[i] += y[i];
}

int clear(float *data, int i, int n) {
    for (; i < n; ++i) data[i] = 0;
    return i;
}

int clear_pairs(float *data, int i, int n) {
    for (i = i + 2; i < n; i += 2) data[i] = 0;
    return i;
}

unsigned count_down(float *data, unsigned i) {
    while (i > 0) {
        i--;
        data[i] = (float)i;
    }
    return i;
}

// Another index runs along, and its last value reads what the counter was.
int gather(float *restrict d, const float *restrict s, int i, int n) {
    int k = 3;
    for (; i < n; i += 3) d[k++] = s[i];
    return i + k;
}

// Where one byte was put by hand: the loop starts behind it.
void pad(unsigned char *block, unsigned length) {
    unsigned i = length;
    block[i++] = 0x80;
    while (i < 64) block[i++] = 0;
}

// The loop inside, which does not count, names the counter.
void halved(int i, int n, const int *restrict a, int *restrict b) {
    for (; i < n; i++) {
        int t = a[i];
        while (t > i) t /= 2;
        b[i] = t;
    }
}
