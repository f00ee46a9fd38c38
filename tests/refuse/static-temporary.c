static double written_elsewhere, sometimes;

static double writer(double x) {
    written_elsewhere = x;
    return x * 2;
}

void called(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) { //~ shared-temporary: every iteration writes written_elsewhere first, but code elsewhere may read what the last one leaves there
        written_elsewhere = r[i];
        f[i] = writer(f[i]) + written_elsewhere;
    }
}

void maybe(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads sometimes, which i = 0 wrote
        if (r[i] > 1)
            sometimes = r[i];
        f[i] += sometimes;
    }
}
