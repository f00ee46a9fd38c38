#include <stdio.h>
#include <stdlib.h>
#define INF 1000000
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 300;
    int **d = malloc(n * sizeof(int *));
    for (int i = 0; i < n; i++) {
        d[i] = malloc(n * sizeof(int));
        for (int j = 0; j < n; j++)
            d[i][j] = i == j ? 0 : (i * j * 7919 % 11 ? INF : (i * 31 + j * 17) % 100 + 1);
    }
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (d[i][k] + d[k][j] < d[i][j]) d[i][j] = d[i][k] + d[k][j];
    long s = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) s += d[i][j];
    printf("%ld\n", s);
}
