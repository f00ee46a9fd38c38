// mupac: --cpu-threshold 0
/* Characters of string literals, by a subscript, by a pointer that stays there, and of arrays that start with one. */
static char digit(int k) { return "0123456789ABCDEF"[k]; }

void hex(char *restrict out, const unsigned char *restrict a, int n) {
    for (int i = 0; i < n; i++) {
        out[2 * i] = "0123456789abcdef"[a[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[a[i] & 15];
    }
}

void upper_hex(char *restrict out, const unsigned char *restrict a, int n) {
    for (int i = 0; i < n; i++) {
        *out++ = digit(a[i] >> 4);
        *out++ = digit(a[i] & 15);
    }
}

void shades(char *restrict out, const float *restrict a, int n) {
    const char *ramp = " .:-=+*#%@";
    for (int i = 0; i < n; i++) {
        int k = (int)(a[i] * 9);
        out[i] = ramp[k < 0 ? 0 : k > 9 ? 9 : k];
    }
}

void shades_in_loop(char *restrict out, const unsigned char *restrict a, int n) {
    for (int i = 0; i < n; i++) {
        const char *ramp = " .:-=+*#%@";
        out[i] = ramp[a[i] * 10 / 256];
    }
}

void bases(char *restrict out, const unsigned char *restrict codes, int n) {
    for (int i = 0; i < n; i++) {
        static const char letter[] = "ACGT";
        const char other[8] = "TGCA";
        out[i] = i % 2 ? letter[codes[i] & 3] : other[codes[i] & 7];
    }
}

/* Iterations write to the array that starts with a text. */
void stars(char *out, int n) {
    for (int i = 0; i < n; i++) {
        char line[8] = "....\t..";
        line[i % 7] = '*';
        for (int j = 0; j < 8; j++) out[8 * i + j] = line[j];
    }
}
