static int ways(int n) { return n < 2 ? 1 : ways(n - 1) + ways(n - 2); }

void count(int n, const int *restrict k, int *restrict d) {
    for (int i = 0; i < n; i++) //~ unknown-call: calls ways
        //? write what is needed of it into the loop
        d[i] = ways(k[i] & 15);
}
//// as the hint says
void count(int n, const int *restrict k, int *restrict d) {
    for (int i = 0; i < n; i++) { //~ kernel
        int left = k[i] & 15, before = 1, now = 1;
        while (left >= 2) {
            int next = before + now;
            before = now;
            now = next;
            left--;
        }
        d[i] = now;
    }
}
