/* Constants and strings of wide characters. */
#include <stddef.h>
#include <stdio.h>
#include <uchar.h>
#include <wchar.h>

int main(void) {
    const wchar_t *w = L"ab"; //~ needs-c: C++ computes this otherwise: as const wchar_t * instead of const wchar_t *
    const char16_t *h = u"cd"; //~ needs-c: C++ computes this otherwise: as const char16_t * instead of const char16_t *
    const char32_t *l = U"ef"; //~ needs-c: C++ computes this otherwise: as const char32_t * instead of const char32_t *
    const char *e = u8"g";
    printf("%zu %zu %zu %d %d %d %s\n", sizeof *w, sizeof *h, sizeof *l, (int)w[1], h[1], (int)l[1], e); //~ needs-c: C++ computes this otherwise: as const char32_t instead of const char32_t
    printf("%d %zu %zu\n", (char16_t)-1 + 1, sizeof L'a', wcslen(w)); //~ needs-c: C++ calls another `wcslen`
}
