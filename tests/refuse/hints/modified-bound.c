void shrink(int n, int *a) {
    for (int i = 0; i < n; i++) { //~ modified-bound: changes n, which its bounds are computed from
        //? copy the bound into a local variable before the loop
        a[i] = n;
        if (i == 10)
            n = 20;
    }
}
//// as the hint says
void shrink(int n, int *a) {
    int end = n;
    for (int i = 0; i < end; i++) //~ kernel
        a[i] = i > 10 ? 20 : n;
}
