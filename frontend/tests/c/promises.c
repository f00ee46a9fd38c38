// What the user promises, at functions and loops; names mean what they mean there.
#define N 32
double table[N];
int m;
#pragma mupac extent(index: n, x: 2 * n + m)
void gather(int n, const int *index, double *x) {
    for (int i = 0; i < n; i++)
        x[index[i]] = i;
    long n2 = n;
    {
        long m = n2 + 1;
#pragma mupac extent(x: m - 1) extent(table: N)
        for (int i = 0; i < m; i++)
            x[index[i]] = table[index[i]];
    }
#pragma mupac extent(x: m)
    while (n--)
        x[n] = 0;
#pragma mupac extent(x: n)
    for (;;) {
        switch (n) { case 1: x[0] = 1; default: n++; }
        break;
    }
}
#pragma omp parallel
