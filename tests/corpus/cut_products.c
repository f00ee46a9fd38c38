// A row of A serves both products, but one runs over its rows in parallel and the other over its columns.
// mupac: --cpu-threshold 100
void bicg(int m, int n, double A[n][m], double s[m], double q[n], double p[m], double r[n]) {
  int i, j;
  for (i = 0; i < m; i++)
    s[i] = 0;
  for (i = 0; i < n; i++) {
    q[i] = 0.0;
    for (j = 0; j < m; j++) {
      s[j] = s[j] + r[i] * A[i][j];
      q[i] = q[i] + A[i][j] * p[j];
    }
  }
}

// What is not cut inside need not be.
int atax(int m, int n, double A[m][n], double x[n], double y[n], double tmp[m]) {
  int i, j;
  for (i = 0; i < n; i++)
    y[i] = 0;
  for (i = 0; i < m; i++) {
    tmp[i] = 0.0;
    for (j = 0; j < n; j++)
      tmp[i] = tmp[i] + A[i][j] * x[j];
    for (j = 0; j < n; j++)
      y[j] = y[j] + A[i][j] * tmp[i];
  }
  return i;
}

// The second part must come first: it overwrites what the first one reads in the next iteration.
void earlier(int m, int n, double A[n][m], double s[m], double q[n + 1], double r[n]) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      s[j] = s[j] + q[i] * A[i][j];
    q[i + 1] = r[i];
  }
}

// A part that needs an order of its own leaves nothing to cut.
void recurrence(int n, double a[n], double b[n], double c[n]) {
  for (int i = 1; i < n; i++) {
    a[i] = b[i] * 2;
    c[i] = c[i - 1] * 3 + a[i];
  }
}

// Both parts need what the other computes.
void cycle(int m, int n, double A[n][m], double s[m], double q[n + 1]) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      s[j] = s[j] + q[i] * A[i][j];
    q[i + 1] = s[3];
  }
}
