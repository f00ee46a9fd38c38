#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100, seen = 0, c;
    double *y = malloc(n * sizeof *y);
    while ((c = getchar()) != EOF) seen += c;
    for (int i = 0; i < n; i++) y[i] = i * 0.5 + seen;
    double sum = 0;
    for (int i = 0; i < n; i++) sum += y[i];
    printf("%s %d %.17g\n", argv[0], n, sum);
    FILE *f = fopen("result.txt", "w");
    fprintf(f, "%g\n", y[n - 1]);
    fclose(f);
    free(y);
    return 3;
}
