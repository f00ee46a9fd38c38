// mupac: --cpu-threshold 0
/* Numbers made by multiplying: no condition on sizes keeps `i * 2654435761u` from wrapping, and nothing asks for one. */
long inside(long n) {
    long in = 0;
    for (long i = 0; i < n; i++) {
        unsigned s = (unsigned)i * 2654435761u + 12345u;
        s = s * 1664525u + 1013904223u;
        double x = s / 4294967296.0;
        s = s * 1664525u + 1013904223u;
        double y = s / 4294967296.0;
        if (x * x + y * y <= 1.0) in++;
    }
    return in;
}

/* Here it decides which element is read: every iteration's is one of 256. */
void scattered(int n, const float *table, float *out) {
    for (int i = 0; i < n; i++) {
        unsigned h = (unsigned)i * 2654435761u;
        out[i] = table[h >> 24];
    }
}

/* And here which branch is taken. */
void flipped(int n, int *out) {
    for (int i = 0; i < n; i++) {
        unsigned h = (unsigned)i * 40503u;
        if (h & 64u)
            out[i] = 1;
        else
            out[i] = (unsigned char)(i * 7);
    }
}
