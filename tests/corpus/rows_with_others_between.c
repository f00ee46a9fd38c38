// mupac: --cpu-threshold 0 --check-level=quick
/* Between rows lies what was freed, and is allocated and written again while copies of the rows stay on the device: nothing of
   it may be written when rows go home. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 240, steps = 64;
    float **a = malloc(n * sizeof *a);
    char **note = malloc(n * sizeof *note);
    for (int i = 0; i < n; i++) {
        a[i] = calloc(n, sizeof **a);
        note[i] = malloc(56);
        a[i][i] = i;
    }
    for (int i = 1; i < n; i += 3) free(note[i]), note[i] = 0;
    int *last = 0;
    for (int t = 0; t < steps; t++) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) a[i][j] = 0.5f * a[i][j] + (t + j) % 5;
        int *fresh = calloc(14, sizeof *fresh);
        fresh[t % 14] = t;
        if (t % 8 == 3) printf("%d %g\n", fresh[3], a[n / 2][t]);
        if (last) fresh[13] += last[13] + 1;
        last = fresh;
    }
    for (int i = 0; i < n; i += 7) printf("%g\n", a[i][n - 1 - i]);
    strcpy(note[0], "done");
    printf("%d %s\n", last[13], note[0]);
    return 0;
}
