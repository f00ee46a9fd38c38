void shrink(int n, int *a) {
    for (int i = 0; i < n; i++) { //~ modified-bound: changes n, which its bounds are computed from
        a[i] = n;
        if (i == 10)
            n = 20;
    }
}
