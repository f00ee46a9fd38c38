int total(int n, const unsigned *x) {
    unsigned sum = 0;
    for (int i = 0; i < n; i++) sum += x[i];
    return (int)(sum & 0x7fffffff);
}
