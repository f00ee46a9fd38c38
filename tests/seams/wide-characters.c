/* Constants and strings of wide characters. */
#include <stddef.h>
#include <stdio.h>
#include <uchar.h>
#include <wchar.h>

int main(void) {
    const wchar_t *w = L"ab";
    const char16_t *h = u"cd";
    const char32_t *l = U"ef";
    const char *e = u8"g";
    printf("%zu %zu %zu %d %d %d %s\n", sizeof *w, sizeof *h, sizeof *l, (int)w[1], h[1], (int)l[1], e);
    printf("%d %zu %zu\n", (char16_t)-1 + 1, sizeof L'a', wcslen(w));
}
