void reverse(int n, double *a) {
    int i = 0, j = n;
    while (i < j) { //~ modified-bound: changes j, which its bounds are computed from
        //? count up to how many iterations there are
        j--;
        double t = a[i];
        a[i] = a[j];
        a[j] = t;
        i++;
    }
}
//// as the hint says
void reverse(int n, double *a) {
    for (int i = 0; i < n / 2; i++) { //~ kernel
        double t = a[i];
        a[i] = a[n - 1 - i];
        a[n - 1 - i] = t;
    }
}
