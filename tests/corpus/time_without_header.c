#include <stdio.h>
/* CUDA's headers declare `time`, so the file may call it without a header of its own. */
int main(void) {
    static int seed[4096];
    int sum = 0;
    for (int i = 0; i < 4096; i++)
        seed[i] = i % 7 * 3;
    for (int i = 0; i < 4; i++)
        seed[i] = (int)(time(0) % 100) * i;
    for (int i = 0; i < 4096; i++)
        sum += seed[i];
    printf("%d\n", sum);
    return 0;
}
