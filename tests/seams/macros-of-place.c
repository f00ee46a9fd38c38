/* `__LINE__`, `__FILE__`, `__func__`, `__COUNTER__`, `assert`: what the program sees stays. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHERE printf("%d %s\n", __LINE__, __func__)
#define FAIL(x) ((x) ? 0 : printf("%s:%d: %s\n", __FILE__, __LINE__, #x))

static void f(int n, double *a) {
    for (int i = 0; i < n; i++)
        a[i] = a[i] * 2 + 1;
    WHERE;
    FAIL(n < 0);
}

int main(void) {
    double *a = calloc(100, sizeof *a);
    int used = __LINE__;
    f(100, a);
    printf("%d %s %s %s %d %d\n", used, __FUNCTION__, __func__, strrchr(__FILE__, '.'), __COUNTER__, __COUNTER__);
    printf("%d\n",
           __LINE__);
    printf("%g\n", a[9]);
    printf("%d\n", __INCLUDE_LEVEL__);
    free(a);
}
