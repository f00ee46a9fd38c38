#include <stdio.h>

void sums(int way, long n, int *out, int (*in)[8])
{
    if (way)
        #pragma omp parallel for
        for (long i = 2; i < n; i++) {
            int s = 0; /* one row */
            for (int i = 0; i < 8; i++)
                s += in[i][i];

            out[i] = s;
        }
    else
        out[0] = -1;
}

int main(void) {
    int in[8][8], out[300] = {0};
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) in[i][j] = i * j;
    sums(1, 300, out, in);
    sums(0, 300, out, in);
    for (int i = 0; i < 300; i += 29) printf("%d\n", out[i]);
    return 0;
}
