/* Tags have names of their own in C; in C++ they share those of variables and functions. */
#include <stdio.h>

typedef struct node node;
struct node { node *next; int value; };
int stat = 3;
struct stat { char c[50]; };

int main(void) {
    struct node n = { 0, 1 };
    struct node node = n;
    printf("%zu %d %zu %d\n", sizeof(stat), stat, sizeof(struct stat), node.value);
    {
        enum size { BIG };
        int size = 2;
        printf("%zu %d\n", sizeof(size), BIG + size);
    }
}
