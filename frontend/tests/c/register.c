// C++17 has no `register`.
#define INDEX register int
float sum(register int n, const float *a) {
    register float total = 0;
    INDEX i;
    for (i = 0; i < n; i++)
        total += a[i];
    return total;
}
