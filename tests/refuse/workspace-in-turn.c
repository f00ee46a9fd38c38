/* What a loop leaves in a small array is read later: by one that does not fill all, or not for certain. */
void one_less(int n, float *a, float *b) {
    float v[4];
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes v first, but code elsewhere may read what the last one leaves there
        for (int m = 0; m < 4; m++) //~ too-small: 4 iterations are too few to pay for a launch (8192 would do)
            v[m] = i * m;
        a[i] = v[0] + v[3];
    }
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads v[0], which i = 0 wrote
        for (int m = 0; m < 3; m++) //~ too-small: 3 iterations are too few to pay for a launch (8192 would do)
            v[m] = i - m;
        b[i] = v[3] + v[0];
    }
}

void perhaps(int n, int k, float *a, float *b) {
    float v[2];
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes v first, but code elsewhere may read what the last one leaves there
        v[0] = i;
        v[1] = i * 2;
        a[i] = v[0] + v[1];
    }
    for (int m = 0; m < k; m++) //~ shared-temporary: every iteration writes v first, but code elsewhere may read what the last one leaves there
        v[0] = v[1] = 2;
    b[0] = v[0];
}

/* The limit is another one when it is read. */
static float row[9];
static int limit[2];

void moved(int n, float *restrict a) {
    for (int j = 0; j < n; j++) { //~ carried-dependence: j = 1 reads row[0], which j = 0 wrote
        limit[0] = 3;
        for (int i = 0; i < limit[0]; i++)
            row[i] = i * j;
        limit[0] = 5;
        for (int i = 0; i < limit[0]; i++)
            a[j] += row[i];
    }
}

static float short_row[9];
static int count;

void set(int n) { count = n; }

void beyond(int n, float *restrict a) {
    for (int j = 0; j < n; j++) { //~ carried-dependence: j = 1 reads short_row[2], which j = 0 wrote
        for (int i = 0; i < count; i++)
            short_row[i] = i * j;
        for (int i = 1; i < count; i++)
            a[j] += short_row[i + 1] + short_row[i - 1];
    }
}

/* The callee sets one of two. */
static void half(float *v, int x) { v[0] = x; }

void called(int n, float *a, float *b) {
    float v[2];
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes v first, but code elsewhere may read what the last one leaves there
        v[0] = i;
        v[1] = i * 2;
        a[i] = v[0] + v[1];
    }
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads v[0], which i = 0 wrote
        half(v, i);
        b[i] = v[0] + v[1];
    }
}
