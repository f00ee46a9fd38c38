// mupac: --cpu-threshold 100
/* A whole program: global arrays, one loop for the GPU, one for the host. */
#include <stdio.h>

static int squares[1000];

int main(void) {
    for (int i = 0; i < 1000; i++)
        squares[i] = i * i;
    for (int i = 0; i < 1000; i += 250)
        printf("%d\n", squares[i]);
    return 0;
}
