typedef struct {
    double value;
    int at;
} extreme;

int least(int n, const extreme *x) {
    extreme best = {x[0].value, 0}, *found = &best;
    for (int i = 1; i < n; i++) //~ carried-dependence: i = 2 reads best, which i = 1 wrote
        //? use a variable for each member of best
        if (x[i].value < best.value) {
            best = x[i];
            best.at = i;
        }
    return found->at;
}
//// as the hint says
typedef struct {
    double value;
    int at;
} extreme;

int least(int n, const extreme *x) {
    double value = x[0].value;
    int at = 0;
    for (int i = 1; i < n; i++) //~ kernel
        if (x[i].value < value) {
            value = x[i].value;
            at = i;
        }
    return at;
}
