// mupac: region fill:8
// mupac: step flatten i j -> i.j
// mupac: step split i.j 64 -> i.j.o i.j.i
// mupac: step bind i.j.o block.x
// mupac: step bind i.j.i thread.x
/* Rows of five elements are too short for a row of threads. */
void fill(int n, double a[][5], const double *x) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 5; j++)
            a[i][j] = x[i] + j;
}
