/* Written for C alone. */
#include <math.h>
#include "shared_types.h"
extern double other_norm(struct item *class, int new);
void exported(int n, double *x);
static inline double twice(double x) { return 2 * fabs(x); }
