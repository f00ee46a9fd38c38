// mupac: --split

/* A kernel that leaves a value behind is given the variable's address, which this one may not have. */
int sum(int n, const int *x) {
    register int sum = 0;
    for (int i = 0; i < n; i++) //~ not-split:
        sum += x[i];
    return sum;
}
