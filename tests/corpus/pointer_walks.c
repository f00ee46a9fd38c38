// mupac: --cpu-threshold 100
/* Pointers that every iteration moves by the same distance. */
void copy(int n, float *a, const float *b) {
    for (int i = 0; i < n; i++)
        *a++ = *b++ * 2;
}

void reverse(int n, float *a, const float *b) {
    const float *p = b + n;
    for (int i = 0; i < n; i++) {
        p--;
        a[i] = *p;
    }
}

void fill(int n, int m, float *a) {
    float *p = a;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            *p++ = i + j;
}

void fours(int n, float *a) {
    float *p = a;
    for (int i = 0; i < n; i += 4) {
        p[0] = 1;
        p[3] = 4;
        p += 4;
    }
}

void ends(int n, float *a) {
    for (int i = 0; i < n; i++) {
        float *p = a + i;
        float *last = a + n;
        if (p + 1 < last)
            *p = last - p;
    }
}

/* What stays: the distance differs from one iteration to the next. */
void growing(int n, float *a) {
    for (int i = 0; i < n; i++) {
        a += i;
        a[0] = 1;
    }
}

void some(int n, float *a, const float *b) {
    for (int i = 0; i < n; i++) {
        if (b[i] < 0)
            continue;
        *a++ = b[i];
    }
}
