/* Labels before declarations and at the end of a block (GNU C and C23). */
#include <stdio.h>

int main(void) {
    int n = 0;
again:;
    int k = n++;
    if (k < 2) goto again;
    printf("%d\n", k);
    if (k > 5) goto end;
    k++;
end:;
}
