// mupac: --cpu-threshold 0
#include <stdio.h>

// Rows of a length that a parameter says cannot be passed to the loop by itself either.
void fill(int n, int m, double (*a)[m], FILE *log) {
    for (int i = 0; i < n; i++) //~ not-tested: its kernel could not be tested: fill cannot be called: no input can be made for log: the type struct _IO_FILE
        for (int j = 0; j < m; j++) //~ not-tested: its kernel could not be tested: fill cannot be called: no input can be made for log: the type struct _IO_FILE
            a[i][j] = i * 2.0 + j;
    fprintf(log, "%d\n", n);
}
