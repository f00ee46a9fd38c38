void fill(int all, const int *count, int *restrict a) {
    for (int i = 0; i < (all ? 8 : *count); i++) //~ non-affine-bound
        //? compute the bound into an int variable before the loop
        a[i] = i;
}
//// as the hint says
void fill(int all, const int *count, int *restrict a) {
    int end = all ? 8 : *count;
    for (int i = 0; i < end; i++) //~ kernel
        a[i] = i;
}
