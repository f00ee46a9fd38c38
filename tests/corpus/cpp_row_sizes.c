// The size of a row is computed before control branches to the kernels or to the original loops.
#include <stdio.h>

void clear(unsigned long n, long m, unsigned char (*a)[n]) {
    for (int i = 0; i < m; i++)
        for (int j = 0; j < (long)n - 1; j++) a[i][j] = j;
    for (long i = m - 1; i > 0; i--) a[i][0] = 0;
}

int main(void) {
    unsigned char bytes[4000];
    for (int i = 0; i < 4000; i++) bytes[i] = 1;
    clear(40, 100, (unsigned char (*)[40])bytes);
    clear(1, 30, (unsigned char (*)[1])bytes);
    void *memory = bytes + 40;
    clear(2, 5, memory);
    for (int i = 0; i < 60; i++) printf("%d ", bytes[i]);
    printf("\n");
    return 0;
}
