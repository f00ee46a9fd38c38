static double half(double x) { return x / 2; }

void map(int n, double *restrict y, const double *restrict x, double (*f)(double)) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        //? call the function by its name
        y[i] = f(x[i]);
}

void halves(int n, double *restrict y, const double *restrict x) { map(n, y, x, half); }
//// as the hint says
static double half(double x) { return x / 2; }

void halves(int n, double *restrict y, const double *restrict x) {
    for (int i = 0; i < n; i++) //~ kernel
        y[i] = half(x[i]);
}
