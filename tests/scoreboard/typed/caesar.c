#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ctype.h>

void encrypt(char *text, int key) {
    for (int i = 0; text[i] != '\0'; i++) {
        char c = text[i];
        if (isupper(c)) text[i] = (c - 'A' + key) % 26 + 'A';
        else if (islower(c)) text[i] = (c - 'a' + key) % 26 + 'a';
    }
}

int count_vowels(const char *s) {
    int count = 0;
    for (size_t i = 0; i < strlen(s); i++) {
        char c = tolower(s[i]);
        if (c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u') count++;
    }
    return count;
}

int main() {
    int n = 100000;
    char *text = malloc(n + 1);
    for (int i = 0; i < n; i++) text[i] = 'a' + i % 26;
    text[n] = '\0';
    encrypt(text, 3);
    int letters[26] = {0};
    for (int i = 0; i < n; i++) letters[text[i] - 'a']++;
    for (int i = 0; i < 26; i++) printf("%c: %d\n", 'a' + i, letters[i]);
    printf("vowels %d\n", count_vowels(text));
    free(text);
    return 0;
}
