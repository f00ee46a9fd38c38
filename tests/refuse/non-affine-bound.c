void square(int n, int *a) {
    for (int i = 0; i < n * n; i++) //~ non-affine-bound: a bound is not a sum of variables times constants
        a[i] = i;
}
