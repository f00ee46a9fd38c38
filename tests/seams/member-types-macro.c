/* A macro names the type whose name a member takes. */
#include <stdio.h>

typedef int count;
#define MEMBER(type) type type

struct holder { //~ needs-c: in C++ a member does not take the name of a type that its structure names
    MEMBER(count);
};

int main(void) {
    struct holder h = {3};
    printf("%d\n", h.count);
}
