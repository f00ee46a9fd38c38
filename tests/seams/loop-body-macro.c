/* A macro makes the braces of such a body. */
#include <stdio.h>

#define TWICE(n, body) for (int n = 0; n < 2; n++) { body; }

int main(void) {
    int sum = 0;
    TWICE(i, int i = 3; sum += i) //~ needs-c: C++ takes no second declaration of a loop's variable in its body, and a macro makes one
    printf("%d\n", sum);
}
