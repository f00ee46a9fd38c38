/* `char t[3] = "abc"` holds no zero in C and is ill-formed in C++. */
#include <stdio.h>

static char t[3] = "abc";
static const unsigned char key[2][4] = { "\377'\\n", "a\0b" };
struct header { char name[4]; int size; };

int main(void) {
    struct header h = { "RI"
                        "FF", 7 };
    signed char s[] = "xy";
    printf("%.3s %.4s %d %d\n", t, h.name, h.size, (int)sizeof s);
    for (int i = 0; i < 4; i++) printf("%d %d\n", key[0][i], key[1][i]);
    return 0;
}
