void shrink(int *n, int *x) {
    for (int i = 0; i < *n; i++) { //~ modified-bound
        x[i] = 1;
        *n = 7;
    }
}
