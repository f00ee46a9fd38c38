/* `restrict` tells elements apart, not ranges: real and imaginary parts may lie in turns (C17 6.7.3.1). */
void turn(int n, double *restrict re, double *restrict im, double c, double s) {
    for (int i = 0; i < n; i++) {
        double a = re[2 * i], b = im[2 * i];
        re[2 * i] = a * c - b * s;
        im[2 * i] = a * s + b * c;
    }
}

/* Of what is written without gaps nothing else is copied back. */
void both(int n, double *restrict a, double *restrict b) {
    for (int i = 0; i < n; i++) {
        a[i] += 1;
        b[i] *= 2;
    }
}

/* What is only read comes back as it was. */
void gather(int n, double *restrict a, const double *restrict b) {
    for (int i = 0; i < n; i++)
        a[2 * i] += b[2 * i];
}
