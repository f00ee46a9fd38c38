/* Constants of an enumeration inside of a structure belong to the file in C, and to the structure in C++. */
#include <stdio.h>

typedef struct {
    enum { PAIR, QUAD = 4 } kind;
    int room[QUAD];
} symbol;

struct node {
    union { int i; double d; } value;
    enum colour { RED, BLACK } colour;
};

static int width(const symbol *s) {
    switch (s->kind) {
        case PAIR: return 2;
        case QUAD: return 4;
    }
    return 0;
}

int main(void) {
    symbol s = { .kind = QUAD };
    struct node n = { { 1 }, BLACK };
    int table[QUAD] = { 1, 2, 5, 3 };
    printf("%d %d %d %zu\n", width(&s), n.colour == RED ? PAIR : QUAD, table[QUAD - 1], sizeof s.room / sizeof(int));
    s.kind = n.colour == BLACK ? PAIR : QUAD;
    return width(&s);
}
