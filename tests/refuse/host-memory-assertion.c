// mupac: --memory=device
#include <assert.h>

static float at(int n, const float *x, int i) {
    assert(i < n);
    return x[i];
}

/* Where the sizes differ an assertion fails, which a kernel of one thread would leave out. */
void decided_by_sizes(int n, int m, const float *x, float *y) {
    for (int i = 0; i < m; i++) //~ host-memory: a guard may fail, and no kernel of one thread can do what the loop does
        y[i] = at(n, x, i);
}
