/* An enumeration without negative values is unsigned in C and promoted to `int` in C++; whether two are equal is the same. */
#include <assert.h>
#include <stdio.h>

enum kind { NOTHING, NUMBER, TEXT };
struct value { enum kind kind; };

#define IS_NUMBER(k) ((k) == NUMBER || (k) == TEXT)
#define IS_PLAIN(k) (NUMBER <= (k) && (k) < TEXT)
#define check(condition) assert(condition)

int main(void) {
    struct value v = { TEXT };
    check(v.kind == TEXT && v.kind != NOTHING);
    enum kind odd = (enum kind)-1;
    unsigned bits = 1u << v.kind;
    printf("%d %d %u\n", IS_NUMBER(v.kind), odd == (enum kind)4294967295u, bits);
    printf("%d %d\n", IS_PLAIN(v.kind), IS_PLAIN(odd));
    printf("%d %d %d\n", odd == v.kind, odd < v.kind, odd > 0);
    return 0;
}
