// mupac: --cpu-threshold 100
// Arguments of Fortran's kind: the size is behind a pointer, which may lead into the array.
void add(const int *n, int *x) {
    for (int i = 0; i < *n; i++)
        x[i] += i + *n;
}
