// mupac: --cpu-threshold 100
// mupac: region gemm:36
// mupac: step fission i
// mupac: step interchange k j.2
// mupac: step tile i.2 j.2 8 8 2 4 -> i.2.o j.2.o i.2.i j.2.i i.2.u j.2.u
// mupac: step split k 8 -> k.o k.i
// mupac: step split j 32 -> j.o j.i
// mupac: step bind i block.y
// mupac: step bind j.o block.x
// mupac: step bind j.i thread.x
// mupac: step bind i.2.o block.y
// mupac: step bind j.2.o block.x
// mupac: step bind i.2.i thread.y
// mupac: step bind j.2.i thread.x
// mupac: step jam j.2.u
// mupac: step jam i.2.u
// mupac: step stage k.o a -> a_s
// mupac: step stage k.o b -> b_s
// mupac: region lower:47
// mupac: step tile i j 8 8 -> i.o j.o i.i j.i
// mupac: step split k 4 -> k.o k.i
// mupac: step bind i.o block.y
// mupac: step bind j.o block.x
// mupac: step bind i.i thread.y
// mupac: step bind j.i thread.x
// mupac: region neighbours:55
// mupac: step split i 32 -> i.o i.i
// mupac: step split k 4 -> k.o k.i
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x

/* Each thread keeps a tile of the result in registers while blocks share both operands, and whole tiles ask no questions.
   Sums are of the program's elements, so that they are read first and written last. */
void gemm(int n, int m, int l, double alpha, double beta, double c[n][m], const double a[n][l], const double b[l][m]) {
  int i, j, k;
  for (i = 0; i < n; i++) {
    for (j = 0; j < m; j++)
      c[i][j] *= beta;
    for (k = 0; k < l; k++)
      for (j = 0; j < m; j++)
        c[i][j] += alpha * a[i][k] * b[k][j];
  }
}

/* Row 0 is touched by nobody, and need not be there. */
void lower(int n, double c[n][n], const double a[n][n]) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      for (int k = 0; k < i; k++)
        c[i][j] += a[i][k] * a[k][j];
}

/* Another element of the array is read between two changes of the first one, which lies elsewhere in any iteration. */
void neighbours(int n, int m, double c[n][2], const double a[m]) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < m; k++)
      c[i][0] += c[i][1] * a[k];
}
