/* `'\0'`, `false` and `(void *)0` as null pointers; an enumerator of value zero. */
#include <stdbool.h>
#include <stdio.h>

enum { NONE };

int main(void) {
    char *a = NONE, *b = '\0', *c = (void *)0, *d = false, *e = 1 - 1; //~ needs-c: C++ does not accept this: cannot initialize a variable of type 'char *' with an rvalue of type 'int'
    printf("%d\n", !a && !b && !c && !d && !e);
}
