#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define MAXLEN 64
#define WORDS 2000
static char words[WORDS][MAXLEN];
static int min3(int a, int b, int c) { int m = a < b ? a : b; return m < c ? m : c; }
int levenshtein(const char *s, const char *t) {
    int ls = strlen(s), lt = strlen(t);
    int d[MAXLEN + 1][MAXLEN + 1];
    for (int i = 0; i <= ls; i++) d[i][0] = i;
    for (int j = 0; j <= lt; j++) d[0][j] = j;
    for (int j = 1; j <= lt; j++)
        for (int i = 1; i <= ls; i++) {
            if (s[i - 1] == t[j - 1]) d[i][j] = d[i - 1][j - 1];
            else d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + 1);
        }
    return d[ls][lt];
}
int main(void) {
    int dist[WORDS];
    for (int w = 0; w < WORDS; w++) { int len = 5 + w % 20; for (int i = 0; i < len; i++) words[w][i] = 'a' + (w * 7 + i * 3) % 26; words[w][len] = 0; }
    for (int w = 0; w < WORDS; w++) dist[w] = levenshtein("transpiler", words[w]);
    int best = 0;
    for (int w = 1; w < WORDS; w++) if (dist[w] < dist[best]) best = w;
    printf("%s %d\n", words[best], dist[best]);
}
