#include <assert.h>

void gather(int n, int m, const int *restrict at, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        for (int k = 0; k < 4; k++)
            //? check all of it in a loop before this one
            assert(at[4 * i + k] >= 0 && at[4 * i + k] < m);
        y[i] = x[at[4 * i]] + x[at[4 * i + 3]];
    }
}
//// as the hint says
// mupac: -DNDEBUG
#include <assert.h>

void gather(int n, int m, const int *restrict at, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ kernel
        for (int k = 0; k < 4; k++)
            assert(at[4 * i + k] >= 0 && at[4 * i + k] < m);
        y[i] = x[at[4 * i]] + x[at[4 * i + 3]];
    }
}
