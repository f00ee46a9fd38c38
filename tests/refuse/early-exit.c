void copy_until_zero(int n, int *a, const int *b) {
    for (int i = 0; i < n; i++) { //~ early-exit: may leave early by break
        if (b[i] == 0)
            break;
        a[i] = b[i];
    }
}
