/* A structure of a header has a member with the name of its type. */
#include <stdio.h>
#include "member-types.h" //~ needs-c: `holder` of member-types.h has a member with the name of the type `list`, which C++ does not take
#include "member-types.h" // a second time, so that it stays a header

int main(void) {
    holder h = {0, 3};
    printf("%d\n", h.count);
}
