static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }

struct kind {
    double (*f)(double);
};
void by_member(int n, double *x, const struct kind *kind) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = kind->f(x[i]);
}

double (*of_a_table[])(double) = {square, cube};
void by_element(int n, double *x, int k) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = of_a_table[k](x[i]);
}

void by_one_of_others(int n, double *x, double (*f)(double)) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = f(x[i]);
}

extern double outside(double x);
void passed(int n, double *x, double (*f)(double)) {
    for (int i = 0; i < n; i++) //~ unknown-call
        x[i] = f(x[i]);
}
void pass(int n, double *x) { passed(n, x, outside); }
