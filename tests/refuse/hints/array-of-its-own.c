void smooth(int n, double *u) {
    for (int i = 1; i < n - 1; i++) //~ carried-dependence: i = 2 reads u[1], which i = 1 wrote
        //? give every iteration its own element
        u[i] = 0.5 * (u[i - 1] + u[i + 1]);
}
//// as the hint says
void smooth(int n, const double *restrict u, double *restrict v) {
    for (int i = 1; i < n - 1; i++) //~ kernel
        v[i] = 0.5 * (u[i - 1] + u[i + 1]);
}
