// mupac: --cpu-threshold 0
/* Questions about characters, where a program keeps the locale that it starts with; words that lie in constants. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N 5000

static int is_word(int c) { return isalnum(c) || c == '_'; }

int main(void) {
    static int counts[26], classes[384], lower[384];
    const char *source = "The quick Brown_fox jumps over 13 lazy dogs, again & again.\t";
    size_t length = strlen(source);
    char *text = malloc(N);
    for (size_t i = 0; i < N; i++)
        text[i] = source[i % length];
    int words = 0, digits = 0, shown = 0;
    for (size_t i = 1; i < N; i++) {
        if (is_word((unsigned char)text[i]) && !is_word((unsigned char)text[i - 1])) words++;
        if (isdigit((unsigned char)text[i])) digits++;
        shown += isgraph((unsigned char)text[i]) ? 1 : 0;
    }
    for (size_t i = 0; i < N; i++)
        if (isalpha((unsigned char)text[i])) counts[tolower((unsigned char)text[i]) - 'a']++;
    for (size_t i = 0; i < N; i++)
        text[i] = toupper((unsigned char)text[i]);
    for (int c = -128; c < 256; c++)
        classes[c + 128] = isupper(c) | islower(c) | isxdigit(c) | isspace(c) | isprint(c) | isblank(c) | iscntrl(c) | ispunct(c);
    for (int c = -128; c < 256; c++)
        lower[c + 128] = tolower(c) - toupper((signed char)c);
    printf("%d %d %d %.20s\n", words, digits, shown, text);
    for (int i = 0; i < 26; i++)
        printf("%c %d\n", 'a' + i, counts[i]);
    for (int c = 0; c < 384; c++)
        printf("%d %d ", classes[c], lower[c]);
    printf("\n");
    free(text);
    return 0;
}
