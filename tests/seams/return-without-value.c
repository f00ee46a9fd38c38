/* `return;` in a function with a result (C90) and a value in one without. */
#include <stdio.h>

static int find(int n, int *a) {
    if (n < 0)
        return;
    a[0] = n;
    return 1;
}

static void nothing(void) {}
static void forward(void) { return nothing(); }

int main(void) {
    int a[1] = {0};
    find(-1, a);
    find(2, a);
    forward();
    printf("%d\n", a[0]);
}
