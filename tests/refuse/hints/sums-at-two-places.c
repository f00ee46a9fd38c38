void deposit(int n, const double *restrict x, double *restrict grid) {
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of grid
        //? --fp=atomic
        int k = x[i];
        double part = x[i] - k;
        grid[k] += 1 - part;
        grid[k + 1] += part;
    }
}
//// as the hint says
// mupac: --fp=atomic
void deposit(int n, const double *restrict x, double *restrict grid) {
    for (int i = 0; i < n; i++) { //~ kernel
        int k = x[i];
        double part = x[i] - k;
        grid[k] += 1 - part;
        grid[k + 1] += part;
    }
}
