static int digits(int n) { return n < 10 ? 1 : 1 + digits(n / 10); }

void count(int n, const int *restrict k, int *restrict d) {
    for (int i = 0; i < n; i++) //~ unknown-call: calls digits
        //? write what is needed of it into the loop
        d[i] = digits(k[i]);
}
//// as the hint says
void count(int n, const int *restrict k, int *restrict d) {
    for (int i = 0; i < n; i++) { //~ kernel
        int left = k[i], found = 1;
        while (left >= 10) {
            left /= 10;
            found++;
        }
        d[i] = found;
    }
}
