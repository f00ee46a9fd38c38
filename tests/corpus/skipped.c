// mupac: --cpu-threshold 100
/* What `continue` skips stands under the opposite condition. */
void clamp(int n, float *a, const float *b) {
    for (int i = 0; i < n; i++) {
        if (b[i] < 0) {
            if (b[i] < -1)
                continue;
            a[i] = 2;
        } else if (b[i] > 5) {
            a[i] = 5;
            continue;
        }
        a[i] += b[i];
    }
}

/* The inner `continue` of a `while` stays with it. */
void steps(int n, int *a, const int *b) {
    for (int i = 0; i < n; i++) {
        int left = b[i] & 15;
        if (left == 3)
            continue;
        int odd = 0;
        while (left > 0) {
            left--;
            if (left % 2 == 0)
                continue;
            odd++;
        }
        a[i] = odd;
    }
}
