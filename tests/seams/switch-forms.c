/* `switch` with loops inside, `case` in loops (Duff's device). */
#include <stdio.h>

int main(void) {
    char from[10] = "abcdefghi", to[10] = { 0 };
    char *t = to, *f = from;
    int count = 9, n = (count + 3) / 4;
    switch (count % 4) {
    case 0: do { *t++ = *f++;
    case 3: *t++ = *f++;
    case 2: *t++ = *f++;
    case 1: *t++ = *f++;
            } while (--n > 0);
    }
    puts(to);
}
