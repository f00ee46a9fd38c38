void scatter(int n, float *a, float *b, const int *index) {
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of a is not a sum of variables times constants
        a[index[i]] = b[i];
        b[i] = a[i];
    }
}
