/* A header of the program asks which language it is read as. */
#include <stdarg.h>
#include <stdio.h>
#include "language-in-header.h"

static int shown(char *to, size_t size, const char *format, ...) {
    va_list rest;
    va_start(rest, format);
#ifdef IS_OLD
    int length = vsprintf(to, format, rest);
#else
    int length = vsnprintf(to, size, format, rest);
#endif
    va_end(rest);
    return length;
}

int main(void) {
    char text[4];
    printf("%d %s\n", shown(text, sizeof text, "%d", 123456), text);
    return 0;
}
