/* gcc 12 takes a pointer for one to another object, with a warning. */
#include <stdio.h>
#include <string.h>

static unsigned first(const unsigned *p) { return p[0] & 255; }

int main(void) {
    char text[8] __attribute__((aligned(4))) = "abc";
    signed char *bytes = text;
    printf("%u %d\n", first(text), bytes[1]);
    return 0;
}
