/* What follows may be skipped from inside, after an assignment that the outer condition could see. */
void nested(int n, float *a, const float *b) {
    for (int i = 0; i < n; i++) { //~ unsupported: continue in the middle of a branch is not supported
        if (a[i] > 0) {
            a[i] = b[i];
            if (b[i] > 1)
                continue;
        }
        a[i] += 3;
    }
}
