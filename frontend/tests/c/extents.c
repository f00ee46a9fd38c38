// Variable-length arrays: their extents are what they were at the declaration.
void extents(int n, int m, double a[n][m], double (*b)[n + 1], int k, double c[][k], double d[const 4]) {
    double local[n][3];
    k = 2;
    a[1][2] = b[1][2] + c[1][2] + local[2][1];
    m = n;
    int size = sizeof a[0];
}
void hidden(int n, double a[n][n]) {
    a[0][0] = 1;
    {
        int n = 3;
        for (int i = 0; i < n; i++) a[i][1] = 2;
    }
    for (int n = 0; n < 4; n++) a[n][2] = 3;
    for (int i = 0; i < n; i++) a[i][3] = 4;
}
