// mupac: --cpu-threshold 0
#include <stdio.h>

void fill(int n, float *a, FILE *log) {
    for (int i = 0; i < n; i++) //~ not-tested: its kernel could not be tested: fill cannot be called: it passes a pointer to fprintf
        a[i] = i;
    fprintf(log, "%d\n", n);
}
