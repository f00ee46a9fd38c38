/* The body of a `for` declares the name of the loop's variable anew. */
#include <stdio.h>

#define twice(n) for (int n = 0; n < 2; n++)

int main(void) {
    int sum = 0;
    for (int i = 0; i < 3; i++) {
        int i = 7;
        sum += i;
    }
    for (int i = 0, j = 9; i < j; i++, j--) {
        typedef long j;
        for (int k = 0; k < 4; k++) {
            enum { k = 2 };
            sum += (int)sizeof(j) * i + k;
        }
    }
    twice(n) {
        double n = 0.5;
        sum += (int)(4 * n);
    }
    printf("%d\n", sum);
    return 0;
}
