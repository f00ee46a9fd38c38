/* A macro behind a string is a suffix to C++11. */
#include <inttypes.h>
#include <stdio.h>

#define X "x"
#define S(a) "<"a">"

int main(void) {
    int64_t n = 5;
    printf("%"PRId64" %s "X"\n", n, S("mid"));
    printf("a"X"b" "\n");
}
