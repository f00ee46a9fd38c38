int i;

void twice(int n, double *a) {
    for (i = 0; i < n; i++) //~ uncountable-loop: how often it runs is not known beforehand: its counter i is a variable of the whole file
        //? count with a variable of the function
        a[i] *= 2;
}
//// as the hint says
void twice(int n, double *a) {
    int i;
    for (i = 0; i < n; i++) //~ kernel
        a[i] *= 2;
}
