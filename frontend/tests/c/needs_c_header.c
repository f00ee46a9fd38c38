// What a header of the user computes cannot be edited.
#include "tests/include/numbers.h"
double all(float x, long y) { return root(x) + magnitude(y) + power(x, "2") + size(); }
