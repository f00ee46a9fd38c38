// mupac: --fp=strict
double sum(int n, const double *x) {
    double s = 0;
    for (int i = 0; i < n; i++) //~ order-dependent-float: computes a sum of floating-point numbers
        //? --fp=reassoc
        s += x[i];
    return s;
}
//// as the hint says
// mupac: --fp=reassoc
double sum(int n, const double *x) {
    double s = 0;
    for (int i = 0; i < n; i++) //~ kernel
        s += x[i];
    return s;
}
