// A program of one file: nothing else links with it, but the library does.
#include <stdio.h>
double drand48(void);
const int limit = 3;
int helper(int n) { return n + limit; }
int main(void) {
    printf("%d\n", helper(1) + (drand48() < 0));
    return 0;
}
