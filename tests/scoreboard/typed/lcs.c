#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
int lcs(const char *a, const char *b, int *L) {
    int m = strlen(a), n = strlen(b);
    for (int i = 0; i <= m; i++)
        for (int j = 0; j <= n; j++) {
            if (i == 0 || j == 0)
                L[i * (n + 1) + j] = 0;
            else if (a[i - 1] == b[j - 1])
                L[i * (n + 1) + j] = L[(i - 1) * (n + 1) + j - 1] + 1;
            else
                L[i * (n + 1) + j] = MAX(L[(i - 1) * (n + 1) + j], L[i * (n + 1) + j - 1]);
        }
    return L[m * (n + 1) + n];
}
int main(void) {
    int n = 2000;
    char *a = malloc(n + 1), *b = malloc(n + 1);
    for (int i = 0; i < n; i++) {
        a[i] = 'a' + i * 7 % 26;
        b[i] = 'a' + i * 11 % 26;
    }
    a[n] = b[n] = 0;
    int *L = malloc((n + 1) * (n + 1) * sizeof(int));
    printf("%d\n", lcs(a, b, L));
}
