void halve(int n, int *a) {
    while (n > 0) { //~ uncountable-loop: the number of iterations is not known when it starts: it has no counter
        a[n] = n;
        n /= 2;
    }
}
