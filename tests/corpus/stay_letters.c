/* What reads letters and texts while arrays stay on the device ends no copies. */
// mupac: --cpu-threshold 0
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

static void show(const char *piece) {
    if (piece[1] == '\0' && !(isprint((unsigned char)piece[0]) || isspace((unsigned char)piece[0])))
        return;
    printf("%s\n", piece);
}

int main(void) {
    int n = 20000;
    const char *scales[] = {"1.5", "x", "0.25", "2"};
    double *u = malloc(n * sizeof *u);
    if (!u)
        return 1;
    for (int i = 0; i < n; i++)
        u[i] = i % 7;
    for (int step = 0; step < 4; step++) {
        double scale;
        if (sscanf(scales[step], "%lf", &scale) != 1)
            scale = 1;
        for (int i = 0; i < n; i++)
            u[i] = scale * u[i] + 1;
        show(scales[step]);
    }
    printf("%g\n", u[5]);
    return 0;
}
