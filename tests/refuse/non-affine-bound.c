void fill(int all, const int *count, int *a) {
    for (int i = 0; i < (all ? 8 : *count); i++) //~ non-affine-bound
        a[i] = i;
}
