// Side effects inside expressions happen as often as in C, and in its order.
static int counted(int *calls, int value) {
    ++*calls;
    return value;
}
#define count(value) counted(&calls, value)
int check(void) {
    int calls;
    int a[6] = {5, 4, 3, 2, 1}, i = 0, j = 0, n = 3;
    int *p = a, *q = a + 1;
    calls = 0;
    if (a[5] != 0) return 1;
    a[i++] = 9;
    if (a[0] != 9 || i != 1) return 2;
    a[++i] = 8;
    if (a[2] != 8 || i != 2) return 3;
    *p++ = *q++;
    if (a[0] != 4 || p != a + 1 || q != a + 2) return 4;
    i = j = n;
    if (i + j != 6) return 5;
    if (count(0) && count(1)) return 6;
    if (calls != 1) return 7;
    if (!(count(1) || count(1))) return 8;
    if (calls != 2) return 9;
    i = count(0) ? count(1) : count(7);
    if (i != 7 || calls != 4) return 10;
    while (n-- > 0) j++;
    if (n != -1 || j != 6) return 11;
    do j -= 2; while (count(j) > 0);
    if (j != 0 || calls != 7) return 12;
    i = (j++, j + 1);
    if (i != 2) return 13;
    for (i = 0, j = 10; i < j; i++, j--) {
        if (i == 2) continue;
        calls += 100;
    }
    if (i != 5 || j != 5 || calls != 407) return 14;
    for (i = 0; count(i) < 3; i++) {}
    if (calls != 411) return 15;
    p = a;
    p[1] += *p;
    if (a[1] != 8) return 16;
    char small = 100;
    i = small += 100;
    if (i != -56) return 17;
    i = small++;
    if (i != -56 || small != -55) return 18;
    return 0;
}
