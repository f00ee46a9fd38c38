// mupac: --cpu-threshold 0
// Sizes of parameters that change a number: what the function does with it is not modelled, and others are.
void fill(int n, int m, double a[n][m++], double b[n][m]) {
    for (int i = 0; i < n; i++) b[i][0] = m;
    b[0][0] += a[0][0];
}
int total(int n, int a[n = n + 2]) {
    int s = 0;
    for (int i = 0; i < n; i++) s += a[i];
    return s;
}
void add(int n, float *a) {
    for (int i = 0; i < n; i++) a[i] += 1;
}
