// Loops run as often as in C.
int check(void) {
    int n = 10, sum = 0, i;
    for (int i = 0; i < n; i++) sum += i;
    if (sum != 45) return 1;
    for (sum = 0, i = n; i >= 0; i -= 3) sum += i;
    if (sum != 22 || i != -2) return 2;
    sum = 0;
    for (i = 1; i <= n; i += 4) sum += i;
    if (sum != 15 || i != 13) return 3;
    sum = 0;
    for (unsigned u = 3; u-- > 0;) sum += u;
    if (sum != 3) return 4;
    sum = 0;
    for (unsigned char c = 250; c >= 250; c++) sum++;
    if (sum != 6) return 5;
    sum = 0;
    for (i = 0; i + 2 < n; i++) sum++;
    if (sum != 8 || i != 8) return 6;
    sum = 0;
    int k = 0;
    for (i = 0; i < n; i++, k += 3) {
        if (i == 4) break;
        sum += k;
    }
    if (sum != 18 || k != 12 || i != 4) return 7;
    sum = 0;
    for (int i = 0; i < n; i++) {
        if (i % 2) continue;
        for (int i = 0; i < 2; i++) sum++;
        n = 9;
    }
    if (sum != 10) return 8;
    for (i = 5; i < 3; i++) sum = 0;
    if (i != 5 || sum != 10) return 9;
    sum = 0;
    for (long l = 2147483646; l <= 2147483648; l++) sum++;
    if (sum != 3) return 10;
    sum = 0;
    for (int i = -2; i < 2u; i++) sum++;
    if (sum != 0) return 11;
    for (;;) {
        if (sum++ > 3) break;
    }
    if (sum != 5) return 12;
    sum = 0;
    for (i = 3; i; i--) sum++;
    if (sum != 3) return 13;
    sum = 0;
    for (i = 0; i != 7; ++i) sum++;
    if (sum != 7) return 14;
    while (1) {
        if (sum == 0) break;
        else if (sum > 3) { sum -= 2; continue; }
        sum--;
    }
    return sum;
}
