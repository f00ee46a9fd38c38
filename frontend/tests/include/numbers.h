#include <math.h>
#include <stdlib.h>
/* C computes these as `double` and as `int`, and C++ as `float` and as `long`. */
static inline double root(float x) { return sqrt(x); }
static inline long magnitude(long x) { return abs(x); }
/* The same in both. */
static inline double power(double x, const char *text) { return pow(x, 2) + atof(text) + sizeof(x == 1 ? 1 : 2); }
#define SIZE sizeof('a')
static inline int size(void) { return SIZE; }
