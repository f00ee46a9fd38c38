// mupac: --cpu-threshold 100
/* Counters and temporaries of the C of 1989 outlive their loops; the host assigns what the last iteration left. */
float temporaries(int n, int m, float *a, const float *b) {
    int i, j;
    float t = 1.0f;
    for (i = 0; i < n; i++)
        for (j = 0; j < m; j++) {
            t = b[j] * i;
            a[i * m + j] = t;
        }
    return t + i + j;
}

/* An inner counter is read in each iteration, and after the last one. */
int rows(int n, int *a, const int *b) {
    int j = -1;
    for (int i = 0; i < n; i++) {
        int sum = 0;
        for (j = i; j < 100; j += 7)
            sum += b[j];
        a[i] = sum + j;
    }
    return j;
}

/* The condition is one on the iteration, so the last iteration decides. */
int halves(int n, int *a, const int *b) {
    int t = 0;
    for (int i = 0; i < n; i++) {
        if (2 * i < n)
            t = b[i];
        else
            t = -b[i];
        a[i] = t;
    }
    return t;
}
