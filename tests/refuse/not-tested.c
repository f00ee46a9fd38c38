// mupac: --cpu-threshold 0
#include <stdio.h>

void fill(int n, float *a, FILE *log) {
    for (int i = 0; i < n; i++) //~ not-tested: its kernel could not be tested: fill cannot be called: no input can be made for log: the type struct _IO_FILE
        a[i] = i;
    fprintf(log, "%d\n", n);
}
