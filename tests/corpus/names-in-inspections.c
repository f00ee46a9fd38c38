// What an inspection runs has a helper's local of the name of the array that it reads.
// mupac: --cpu-threshold 100
static int at(const int *p, int i, int limit, double *found) {
    int index = p[i];
    found[i] = index;
    return index < limit ? index : limit - 1;
}
void scatter(int n, const int *index, double *restrict y, const double *restrict x, double *restrict found) {
    for (int i = 0; i < n; i++) {
        int k = at(index, i, n, found);
        y[k] = x[i];
    }
}
