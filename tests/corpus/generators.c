// mupac: --cpu-threshold 0
/* Generators of random numbers, of which each number is computed of the one before: iterations make the steps of those before
 * them at once. */
#include <stdint.h>

struct generator {
    unsigned state;
};

static unsigned state = 1;

static float number(void) {
    state = state * 1103515245u + 12345u;
    return (state >> 16 & 0x7fff) / 32768.0f - 0.5f;
}

void weights(float *w, int n) {
    for (int i = 0; i < n; i++) w[i] = number();
}

void samples(float *x, const int *label, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) x[i * m + j] = number() + label[i];
}

/* Points in a square, of which some lie in the circle. */
long inside(long n, uint64_t s) {
    long hits = 0;
    for (long i = 0; i < n; i++) {
        s = s * 6364136223846793005ull + 1442695040888963407ull;
        double x = (s >> 11) * (1.0 / 9007199254740992.0);
        s = s * 6364136223846793005ull + 1442695040888963407ull;
        double y = (s >> 11) * (1.0 / 9007199254740992.0);
        if (x * x + y * y < 1) hits++;
    }
    return hits;
}

static unsigned next(struct generator *g) { return g->state = g->state * 1664525u + 1013904223u; }

int above(int n, unsigned limit) {
    struct generator g = {99};
    int count = 0;
    for (int i = 0; i < n; i++)
        if (next(&g) > limit) count++;
    return count;
}

/* The number before the step is stored, in 64 bits that are cut off. */
uint32_t stored(uint32_t *a, int n, uint32_t seed) {
    for (int i = 0; i < n; i++) {
        a[i] = seed;
        seed = (uint32_t)((uint64_t)seed * 1664525 + 1013904223);
    }
    return seed;
}

/* Some of the bits are kept; the first number may have more. */
long masked(int *a, int n, long seed) {
    for (int i = 0; i < n; i++) {
        a[i] = seed >> 8;
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    }
    return seed;
}

unsigned long remainders(int *a, int n, unsigned long seed) {
    for (int i = 0; i < n; i++) {
        seed = (25214903917ul * seed + 11) % (1ul << 48);
        a[i] = seed >> 17;
    }
    return seed;
}

/* How many steps the rows before have made is no product. */
void triangle(unsigned *a, int n, unsigned *s) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            *s = *s * 69069u + 1;
            a[i * n + j] = *s >> 8;
        }
}

/* Two generators; one makes a step in every second iteration only. */
void sometimes(unsigned *a, int n, unsigned s, unsigned t) {
    for (int i = 0; i < n; i++) {
        s = s * 69069u + 1;
        if (i & 1) t = t * 69069u + 5;
        a[i] = s ^ t;
    }
}

/* No power of two. */
void prime(unsigned *a, int n, unsigned long s) {
    for (int i = 0; i < n; i++) {
        s = s * 16807 % 2147483647;
        a[i] = s;
    }
}

/* A conversion keeps other bits than the mask: fewer, or one as a sign. */
int as_signed(int *a, int n, int s) {
    for (int i = 0; i < n; i++) {
        s = (short)((s * 5 + 12345) & 0xffff);
        a[i] = s;
    }
    return s;
}

int cut_off(int *a, int n, int s) {
    for (int i = 0; i < n; i++) {
        s = (unsigned char)((s * 5 + 77) & 0xffff);
        a[i] = s;
    }
    return s;
}

unsigned narrow_mask(int *a, int n, unsigned s) {
    for (int i = 0; i < n; i++) {
        s = (s * 5 + 77) & (unsigned char)0x1ff;
        a[i] = s;
    }
    return s;
}
