void table(double h, double *y) {
    int k = 0;
    for (double x = 0; x < 1; x += h) //~ uncountable-loop: how often it runs is not known beforehand: x, which its condition reads, is no integer
        //? count with an integer, and compute x from it
        y[k++] = x * x;
}
//// as the hint says
void table(int n, double h, double *y) {
    for (int k = 0; k < n; k++) { //~ kernel
        double x = k * h;
        y[k] = x * x;
    }
}
