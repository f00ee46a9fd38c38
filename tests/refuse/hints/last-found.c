double recent(int n, double limit, const double *x) {
    double found = 0;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 overwrites found, which i = 0 wrote
        //? keep the greatest counter that finds something
        if (x[i] > limit)
            found = x[i];
    return found;
}
//// as the hint says
double recent(int n, double limit, const double *x) {
    double found = 0;
    int last = -1;
    for (int i = 0; i < n; i++) //~ kernel
        if (x[i] > limit)
            if (i > last) last = i;
    if (last >= 0)
        found = x[last];
    return found;
}
