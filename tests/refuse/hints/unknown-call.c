double potential(double r);

void energies(int n, const double *restrict r, double *restrict e) {
    for (int i = 0; i < n; i++) //~ unknown-call: calls potential, whose effects are not known
        //? define the function in the same file
        e[i] = potential(r[i]);
}
//// as the hint says
static double potential(double r) { return 1 / (r * r + 1); }

void energies(int n, const double *restrict r, double *restrict e) {
    for (int i = 0; i < n; i++) //~ kernel
        e[i] = potential(r[i]);
}
