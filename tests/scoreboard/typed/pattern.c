#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int count_matches(const char *text, const char *pattern) {
    int n = strlen(text), m = strlen(pattern), count = 0;
    for (int i = 0; i <= n - m; i++) {
        int j;
        for (j = 0; j < m; j++)
            if (text[i + j] != pattern[j]) break;
        if (j == m) count++;
    }
    return count;
}

int levenshtein(const char *a, const char *b) {
    int n = strlen(a), m = strlen(b);
    int *prev = malloc((m + 1) * sizeof(int)), *cur = malloc((m + 1) * sizeof(int));
    for (int j = 0; j <= m; j++) prev[j] = j;
    for (int i = 1; i <= n; i++) {
        cur[0] = i;
        for (int j = 1; j <= m; j++) {
            int cost = a[i - 1] == b[j - 1] ? 0 : 1;
            int best = prev[j - 1] + cost;
            if (prev[j] + 1 < best) best = prev[j] + 1;
            if (cur[j - 1] + 1 < best) best = cur[j - 1] + 1;
            cur[j] = best;
        }
        int *t = prev; prev = cur; cur = t;
    }
    int d = prev[m];
    free(prev);
    free(cur);
    return d;
}

int main(void) {
    int n = 2000000;
    char *text = malloc(n + 1);
    unsigned seed = 1;
    for (int i = 0; i < n; i++) {
        seed = seed * 1103515245 + 12345;
        text[i] = "ACGT"[(seed >> 16) & 3];
    }
    text[n] = 0;
    printf("%d\n", count_matches(text, "ACGTAC"));
    text[2000] = 0;
    text[4001] = 0;
    printf("%d\n", levenshtein(text, text + 2001));
    free(text);
    return 0;
}
