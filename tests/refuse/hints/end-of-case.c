void work(int n, const char *restrict what, const double *restrict a, double *restrict c) {
    for (int i = 0; i < n; i++) //~ unsupported: a break in the middle of a case
        //? put what follows the `break` into the other branch
        switch (what[i]) {
        case '+':
            c[i] += a[i];
            break;
        case '/':
            if (a[i] == 0) {
                c[i] = 0;
                break;
            }
            c[i] /= a[i];
            break;
        default:
            c[i] = 1;
        }
}
//// as the hint says
void work(int n, const char *restrict what, const double *restrict a, double *restrict c) {
    for (int i = 0; i < n; i++) //~ kernel
        switch (what[i]) {
        case '+':
            c[i] += a[i];
            break;
        case '/':
            if (a[i] == 0)
                c[i] = 0;
            else
                c[i] /= a[i];
            break;
        default:
            c[i] = 1;
        }
}
