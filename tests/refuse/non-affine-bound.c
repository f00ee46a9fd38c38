void fill(const int *count, int *a) {
    for (int i = 0; i < *count; i++) //~ non-affine-bound: a bound is not a sum of variables times constants
        a[i] = i;
}
