void classify(int n, int *a, const int *b) {
    for (int i = 0; i < n; i++) { //~ unsupported: a break in the middle of a case is not supported
        switch (b[i]) {
        case 0:
            if (a[i] > 3) break;
            a[i] = 1;
            break;
        default:
            a[i] = 2;
        }
    }
}
