void rows(int n, int m, float *x, const float *y) {
    for (int i = 0; i < n; i++) { //~ unsupported: goto is not supported
        //? leave the inner loop by `break`, note that in a variable
        float s = 0;
        for (int j = 0; j < m; j++) {
            if (y[i * m + j] < 0)
                goto next;
            s += y[i * m + j];
        }
        x[i] = s;
    next:;
    }
}
//// as the hint says
void rows(int n, int m, float *x, const float *y) {
    for (int i = 0; i < n; i++) { //~ kernel
        float s = 0;
        int skip = 0;
        for (int j = 0; j < m; j++) {
            if (y[i * m + j] < 0) {
                skip = 1;
                break;
            }
            s += y[i * m + j];
        }
        if (!skip)
            x[i] = s;
    }
}
