enum color { red, green = 5, blue };
static enum color last;

double paint(int n, enum color c, const double *x, float *y) {
    for (int i = 0; i < n; i++) y[i] = (float)x[i] * c + last;
    return n > 0 ? y[0] : -1.0;
}
