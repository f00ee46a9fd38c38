void copy(int n, int limit, const float *restrict a, float *restrict b) {
    for (int i = 0; i != n && i < limit; i++) //~ uncountable-loop: how often it runs is not known beforehand: i may pass what it is compared with
        //? compare with `<` instead of `!=`
        b[i] = a[i];
}
//// as the hint says
void copy(int n, int limit, const float *restrict a, float *restrict b) {
    for (int i = 0; i < n && i < limit; i++) //~ kernel
        b[i] = a[i];
}
