int f(n, a)
    int n;
    int *a;
{
    int i, s = 0;
    for (i = 0; i < n; i++) s += a[i];
    return s;
}
