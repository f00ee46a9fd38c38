typedef struct {
    double value;
    int at;
} extreme;

int least(int n, const double *x) {
    extreme best = {x[0], 0};
    for (int i = 1; i < n; i++) //~ carried-dependence: i = 2 reads best, which i = 1 wrote
        //? use a variable for each member of best
        if (x[i] < best.value) {
            best.value = x[i];
            best.at = i;
        }
    return best.at;
}
//// as the hint says
int least(int n, const double *x) {
    double value = x[0];
    int at = 0;
    for (int i = 1; i < n; i++) //~ kernel
        if (x[i] < value) {
            value = x[i];
            at = i;
        }
    return at;
}
