void clear(unsigned n, float *a) {
    unsigned short i = 0;
    while (i <= n) { //~ uncountable-loop: how often it runs is not known beforehand: i may wrap around before the loop ends
        //? count with `int` or `long`
        a[i] = 2;
        i++;
    }
}
//// as the hint says
void clear(unsigned n, float *a) {
    long i = 0;
    while (i <= n) { //~ kernel
        a[i] = 2;
        i++;
    }
}
