// mupac: --cpu-threshold 0
/* Which characters are letters is for the locale to say, which this program chooses. */
#include <ctype.h>
#include <locale.h>
#include <stdio.h>

#define N 3000

int main(void) {
    static unsigned char text[N];
    setlocale(LC_ALL, "");
    for (int i = 0; i < N; i++)
        text[i] = i * 7;
    int letters = 0;
    for (int i = 0; i < N; i++)
        letters += isalpha(text[i]) != 0;
    printf("%d\n", letters);
    return 0;
}
