// A macro that prints its argument prints the names of C.
#include <stdio.h>
#define SHOW(x) printf(#x " = %d\n", (x))
int main(void) {
    int class = 3;
    SHOW(class);
    return 0;
}
