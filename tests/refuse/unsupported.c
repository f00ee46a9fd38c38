void classify(int n, int *a, const int *b) {
    for (int i = 0; i < n; i++) { //~ unsupported: switch is not supported
        switch (b[i]) {
        case 0:
            a[i] = 1;
            break;
        default:
            a[i] = 2;
        }
    }
}
