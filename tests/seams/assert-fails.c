/* An assertion that fails names its file, line and function. */
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

static int check(int n) {
    assert(n < 3 && "small");
    return n;
}

int main(void) {
    dup2(1, 2);
    printf("%d\n", check(1));
    fflush(stdout);
    return check(4);
}
