void reverse(int n, double *a) {
    int i = 0, j = n - 1;
    while (i < j) {
        //? count up to how many iterations there are
        double t = a[i];
        a[i] = a[j];
        a[j] = t;
        i++;
        j--;
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
