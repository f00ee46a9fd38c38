#include <stdio.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
int main(int argc, char **argv) {
    long n = 5000000;
    char *text = malloc(n + 1);
    for (long i = 0; i < n; i++) text[i] = 32 + (i * i) % 90;
    text[n] = '\0';
    int counts[256] = {0}, letters = 0, words = 0, vowels = 0;
    for (long i = 0; i < n; i++) counts[(unsigned char)text[i]]++;
    for (long i = 0; i < n; i++) if (isalpha((unsigned char)text[i])) letters++;
    for (long i = 0; i < n; i++) {
        char c = tolower(text[i]);
        if (c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u') vowels++;
    }
    for (long i = 1; i < n; i++) if (text[i] == ' ' && text[i - 1] != ' ') words++;
    for (size_t i = 0; i < strlen(text); i++) if (text[i] >= 'a' && text[i] <= 'z') text[i] -= 32;
    for (int c = 32; c < 127; c++) printf("%c %d\n", c, counts[c]);
    printf("%d %d %d %c\n", letters, words, vowels, text[1000]);
    free(text);
    return 0;
}
