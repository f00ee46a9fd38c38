void nested(int n, float *restrict a, const float *restrict b) {
    for (int i = 0; i < n; i++) { //~ unsupported: continue in the middle of a branch
        //? note in a variable that the rest is skipped
        if (a[i] > 0) {
            a[i] = b[i];
            if (b[i] > 1)
                continue;
        }
        a[i] += 3;
    }
}
//// as the hint says
void nested(int n, float *restrict a, const float *restrict b) {
    for (int i = 0; i < n; i++) { //~ kernel
        int skip = 0;
        if (a[i] > 0) {
            a[i] = b[i];
            skip = b[i] > 1;
        }
        if (!skip)
            a[i] += 3;
    }
}
