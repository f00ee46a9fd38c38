// mupac: --cpu-threshold 100
/* Pointers to rows, to elements and to structures; a row of a declared array must not be left. */
struct body { float position, speed[2]; };
double table[100][200];

void scale(int n, int m, float *a, const float *b) {
    for (int i = 0; i < n; i++) {
        float *row = a + i * m;
        const float *source = &b[i * m];
        for (int j = 0; j < m; j++)
            row[j] = 2 * source[j];
    }
}

void down(int n, int m, float *a) {
    for (int i = 1; i < n; i++) {
        float *row = a + i * m;
        const float *above = row - m;
        for (int j = 0; j < m; j++)
            row[j] += above[j];
    }
}

void move(int n, struct body *bodies) {
    for (int i = 0; i < n; i++) {
        struct body *b = &bodies[i];
        float *speed = b->speed;
        b->position += speed[0] * 0.5f + speed[1];
    }
}

void fill(int n) {
    for (int i = 0; i < 100; i++) {
        double *row = table[i];
        for (int j = 0; j < n; j++)
            row[j] = i;
    }
}

void counted(int n, float *a) {
    int k = 0;
    for (int i = 0; i < n; i++) {
        k = 2 * i;
        float *p = a + k;
        k++;
        p[0] = 1;
        p[1] = k;
    }
}

/* What stays: the array depends on data, the pointers change places, the pointer is needed afterwards. */
void chosen(int n, float *a, float *b, const float *c) {
    for (int i = 0; i < n; i++) {
        float *p = c[i] > 0 ? a : b;
        p[i] = 2;
    }
}

void swapped(int n, float *a, float *b) {
    for (int i = 0; i < n; i++) {
        float *t = a;
        a = b;
        b = t;
        a[i] = i;
    }
}

float needed(int n, float *a) {
    float *p = a;
    for (int i = 0; i < n; i++)
        *p++ = 3;
    return p == a ? 0 : p[-1];
}
