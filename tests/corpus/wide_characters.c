/* Characters that C has as names of integers, and C++ as types of their own. */
#include <stdio.h>
#include <uchar.h>
#include <wchar.h>

static wchar_t word[40] = L"parallel";
static char32_t wide[100];

void shift(wchar_t *text, int n, int by) {
    for (int i = 0; i < n; i++)
        text[i] += by;
}

void widen(const wchar_t *text, char32_t *out, int n) {
    for (int i = 0; i < n; i++)
        out[i] = (char32_t)text[i] * 2;
}

int main(void) {
    shift(word, 8, 1);
    widen(word, wide, 40);
    printf("%d %u %u\n", (int)word[0], (unsigned)wide[1], (unsigned)wide[20]);
}
