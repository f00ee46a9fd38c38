#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 100000, deg = 8;
    int *off = malloc((n + 1) * sizeof(int)), *adj = malloc(n * deg * sizeof(int)),
        *dist = malloc(n * sizeof(int));
    srand(7);
    for (int i = 0; i <= n; i++) off[i] = i * deg;
    for (int i = 0; i < n * deg; i++) adj[i] = rand() % n;
    for (int i = 0; i < n; i++) dist[i] = -1;
    dist[0] = 0;
    int level = 0, changed = 1;
    while (changed) {
        changed = 0;
        for (int v = 0; v < n; v++)
            if (dist[v] == level)
                for (int e = off[v]; e < off[v + 1]; e++)
                    if (dist[adj[e]] == -1) {
                        dist[adj[e]] = level + 1;
                        changed = 1;
                    }
        level++;
    }
    long s = 0;
    for (int i = 0; i < n; i++) s += dist[i];
    printf("%d levels, sum %ld\n", level, s);
}
