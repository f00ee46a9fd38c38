void line(int n, double a, double h, double *y) {
    double t = a;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads t, which i = 0 wrote
        //? compute t from the loop's counter
        y[i] = t * t;
        t += h;
    }
}
//// as the hint says
void line(int n, double a, double h, double *y) {
    for (int i = 0; i < n; i++) { //~ kernel
        double t = a + i * h;
        y[i] = t * t;
    }
}
