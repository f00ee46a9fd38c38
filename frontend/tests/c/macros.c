// Constants keep their names where a name means the same before the function.
#include <limits.h>
#include <float.h>
#define N 512
#define M N
#define HALF (N / 2)
#define SUM N + 1
#define NEGATIVE -1
#define TWICE(x) ((x) * 2)
enum color { RED, GREEN = 5 };
int macros(int *a, enum color color) {
    enum { INNER = 3 };
#define LATE 7
    a[0] = N + M + HALF + SUM * 2 + NEGATIVE + TWICE(N) + LATE + INNER + GREEN + 0x10 + 10u + 'a';
    a[1] = INT_MAX - UINT_MAX;
    return color == RED && DBL_MAX > 1e3;
}
#undef M
#define M 3
int other(void) { return M + N; }
