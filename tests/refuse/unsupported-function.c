static double square(double x) { return x * x; }
static double cube(double x) { return x * x * x; }

static double (*assigned)(double) = square;
void choose(int k) {
    if (k)
        assigned = cube;
}
void by_assigned(int n, double *x) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = assigned(x[i]);
}

double (*of_others)(double) = square;
void by_one_that_others_set(int n, double *x) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = of_others(x[i]);
}

static double (*addressed)(double) = square;
void give(double (**to)(double)) { *to = cube; }
void give_it(void) { give(&addressed); }
void by_addressed(int n, double *x) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = addressed(x[i]);
}

static void passed_two(int n, double *x, double (*f)(double)) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = f(x[i]);
}
void both(int n, double *x) {
    passed_two(n, x, square);
    passed_two(n, x, cube);
}

static void in_a_table(int n, double *x, double (*f)(double)) {
    for (int i = 0; i < n; i++) //~ unsupported: a call through a pointer
        x[i] = f(x[i]);
}
void (*const table[])(int, double *, double (*)(double)) = {in_a_table};
void one(int n, double *x) { in_a_table(n, x, square); }
