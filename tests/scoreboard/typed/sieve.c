#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 2000000;
    char *p = malloc(n + 1);
    memset(p, 1, n + 1);
    p[0] = p[1] = 0;
    for (int i = 2; (long long)i * i <= n; i++)
        if (p[i])
            for (int j = i * i; j <= n; j += i) p[j] = 0;
    int c = 0;
    for (int i = 0; i <= n; i++) c += p[i];
    printf("%d primes\n", c);
}
