// mupac: --cpu-threshold 0
/* Random numbers that are computed of the iteration by products that wrap around: no guard keeps them small. */
static unsigned hash(unsigned a, unsigned b) {
    unsigned x = a * 374761393u + b * 668265263u;
    x = (x ^ (x >> 13)) * 1274126177u;
    return x ^ (x >> 16);
}

void lit(unsigned char *restrict out, int n, unsigned t) {
    for (int i = 0; i < n; i++) out[i] = hash(t, i) % 100 < 5 ? 1 : 0;
}

unsigned how_many(int n, unsigned t) {
    unsigned count = 0;
    for (int i = 0; i < n; i++)
        if (hash(t, i) % 100 < 5) count++;
    return count;
}

void pick(int *restrict out, const int *restrict a, int n, int generation) {
    for (int i = 0; i < n; i++) {
        unsigned s = generation * 7919u + i * 104729u + 1;
        s ^= s << 13;
        out[i] = a[s % 64];
    }
}

void every_third(unsigned *restrict out, unsigned n, unsigned t) {
    for (unsigned i = 0; i < n; i++)
        if ((t * 2654435761u + i) % 3 == 0) out[i] = i;
}
