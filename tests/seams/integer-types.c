/* Types of integer constants, of shifts and of mixed arithmetic. */
#include <stdio.h>

int main(void) {
    printf("%zu %zu %zu %zu\n", sizeof 2147483648, sizeof 0x80000000, sizeof 0xffffffffffffffff, sizeof 1ul);
    printf("%d %d %d\n", 0x80000000 > 0, -1 < 1u, -1L < 1u);
    printf("%zu %zu\n", sizeof((char)1 + (char)1), sizeof((short)1 << 20L));
    printf("%d %d\n", (char)0xff < 0, 'z' - 'a');
    printf("%zu %d\n", sizeof(1 ? 1 : 'a'), 077);
}
