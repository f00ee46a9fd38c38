#pragma mupac extent(a: n)
void beyond(int n, float *a) {
    for (int i = 0; i <= n; i++) //~ unsupported: an access beyond the extent that is promised of a is not supported
        a[i] = 1;
}
