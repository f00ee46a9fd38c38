double greatest(int n, const double *x) {
    int i;
    double most;
    for (most = x[0], i = 1; i < n; i++) //~ unsupported: code beside the loops that run on the GPU is not supported
        //? set most in a statement of its own before the loop
        if (x[i] > most) most = x[i];
    return most;
}
//// as the hint says
double greatest(int n, const double *x) {
    int i;
    double most;
    most = x[0];
    for (i = 1; i < n; i++) //~ kernel
        if (x[i] > most) most = x[i];
    return most;
}
