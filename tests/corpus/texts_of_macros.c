/* Macros that make texts or names of constants: what they make stays a use, since written out it would say something else. */
#include <stdio.h>
#define N 64
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define NAME_(a, b) a##b
#define NAME(a, b) NAME_(a, b)
#define SHIFT(T, name) const char *name##_size = "n" TEXT(N); void name(T *a) { for (int i = 0; i < N; i++) a[i] += i; }
#define LENGTH(T, name) int name##_length = sizeof(TEXT(N)); void name(T *a) { for (int i = 0; i < N; i++) a[i] *= 2; }
#define TABLE(T, name) int *name##_table = NAME(table, N); void name(T *a) { for (int i = 0; i < N; i++) a[i] -= i; }
#define SCALE(T, name) void name(T *a) { for (int i = 0; i < N; i++) a[i] *= 3; }

int tableN[1] = {1000}, table64[1] = {1};
SHIFT(float, shift)
LENGTH(float, twice)
TABLE(float, back)
SCALE(float, scale) int line = __LINE__;
SCALE(double, scale_double)

int main(void) {
    float x[N] = {0};
    double y[N];
    shift(x);
    twice(x);
    back(x);
    scale(x);
    for (int i = 0; i < N; i++)
        y[i] = x[i];
    scale_double(y);
    printf("%s %d %d %d %f %f\n", shift_size, twice_length, back_table[0], line, x[3], y[5]);
    return 0;
}
