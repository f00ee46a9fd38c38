/* An address as a narrower number loses its upper bits. */
#include <stdio.h>

int main(void) {
    const char *table[2] = { (const char *)7, (const char *)0x100000203 };
    int a = (int)table[0], b = (int)(table[1]);
    unsigned char c = (unsigned char)table[1];
    _Bool d = (_Bool)table[1];
    printf("%d %x %d %d\n", a, b, c, d);
    return 0;
}
