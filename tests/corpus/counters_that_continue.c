// A `continue` in a loop that counts with several variables comes to all of their steps.

double pairs(int n, int first, int second, const double *restrict x, double *restrict near) {
    double all = 0;
    for (int i = 0, a = first; i < n; i++, a++) {
        double sum = 0;
        for (int j = 0, b = second; j < n; j++, b++) {
            if (a == b) continue;
            double d = x[a] - x[b];
            if (d * d > 4.0) continue;
            sum += d;
        }
        near[a] = sum;
        all += sum;
    }
    return all;
}

// Down and up at once; what is skipped lies in both branches.
void mirrored(int n, const float *restrict in, float *restrict out) {
    int at = n - 1;
    for (int i = 0; i < n; i++, at--) {
        if (in[i] < 0) {
            if (in[i] < -1) continue;
            out[at] = -in[i];
        } else {
            if (in[i] > 1) continue;
            out[at] = in[i];
        }
        out[at] *= 2;
    }
}

// The second counter lives on, and is stepped by two.
int evens(int n, const int *restrict in, int *restrict out) {
    int i, at;
    for (i = 0, at = 0; i < n; ++i, at += 2) {
        if (in[i] == 0) continue;
        out[at] = in[i];
    }
    return at + i;
}

// A step that not every iteration makes stays with the iteration.
int packed(int n, const int *restrict in, int *restrict out) {
    int at = 0;
    for (int i = 0; i < n; i++) {
        if (in[i] == 0) continue;
        out[at++] = in[i];
    }
    return at;
}

// A way out beside it.
int until(int n, const int *restrict in, int *restrict out) {
    int at = 0;
    for (int i = 0; i < n; i++, at++) {
        if (in[i] == 0) continue;
        if (in[i] < 0) break;
        out[at] = in[i];
    }
    return at;
}
