void collect(int n, const int *restrict at, const int *restrict w, int *restrict h) {
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of h
        //? one statement that makes all accesses to the array
        h[at[i]] += w[i];
        h[at[i]] *= 2;
    }
}
//// as the hint says
void collect(int n, const int *restrict at, const int *restrict w, int *restrict h) {
    for (int i = 0; i < n; i++) //~ kernel
        h[at[i]] = (h[at[i]] + w[i]) * 2;
}
