void wave(int n, double a, double h, double *y) {
    double t = a;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads t, which i = 0 wrote
        //? compute t from the loop's counter
        y[i] = t * t;
        t = h - t;
    }
}
//// as the hint says
void wave(int n, double a, double h, double *y) {
    for (int i = 0; i < n; i++) { //~ kernel
        double t = i % 2 ? h - a : a;
        y[i] = t * t;
    }
}
