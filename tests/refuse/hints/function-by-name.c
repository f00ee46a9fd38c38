static double half(double x) { return x / 2; }

struct kind {
    double (*f)(double);
};

void map(int n, double *restrict y, const double *restrict x, const struct kind *kind) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        //? call the function by its name
        y[i] = kind->f(x[i]);
}

void halves(int n, double *restrict y, const double *restrict x) {
    struct kind kind = {half};
    map(n, y, x, &kind);
}
//// as the hint says
static double half(double x) { return x / 2; }

void halves(int n, double *restrict y, const double *restrict x) {
    for (int i = 0; i < n; i++) //~ kernel
        y[i] = half(x[i]);
}
