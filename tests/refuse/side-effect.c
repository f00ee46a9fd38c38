#include <stdio.h>

void show(int n, const float *a) {
    for (int i = 0; i < n; i++) //~ side-effect: calls printf
        printf("%g\n", a[i]);
}
