// mupac: --cpu-threshold 0
// What a cleanup function reads where the scope is left has to be at home by then.
#include <stdio.h>
void show(double (*all)[64]) {
    double sum = 0;
    for (int i = 0; i < 64; i++)
        sum += (*all)[i] * i;
    printf("%g\n", sum);
}

void body(int n, const double *restrict x) {
    __attribute__((cleanup(show))) double kept[64] = {0};
    for (int i = 0; i < n; i++)
        kept[i] = x[i] * 2;
}
double in[64];
int main(void) {
    for (int i = 0; i < 64; i++)
        in[i] = i % 7;
    for (int t = 0; t < 3; t++) {
        in[t] += 1;
        body(64, in);
    }
    return 0;
}
