void halve(int n, int *a) {
    while (n > 0) { //~ uncountable-loop: how often it runs is not known beforehand: `n /= 2` does not add a constant to n
        a[n] = n;
        n /= 2;
    }
}
