/* A variable declared in the body belongs to one iteration. */
void polar(int n, const double *x, const double *y, double *square) {
    for (int i = 0; i < n; i++) {
        double a = x[i], b = y[i];
        square[i] = a * a + b * b;
    }
}
