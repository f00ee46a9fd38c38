#include <assert.h>

void gather(int n, int m, const int *restrict at, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        //? check all of it in a loop before this one
        assert(at[i] >= 0 && at[i] < m);
        y[i] = x[at[i]];
    }
}
//// as the hint says
// mupac: -DNDEBUG
#include <assert.h>

void gather(int n, int m, const int *restrict at, const double *restrict x, double *restrict y) {
    for (int i = 0; i < n; i++) { //~ kernel
        assert(at[i] >= 0 && at[i] < m);
        y[i] = x[at[i]];
    }
}
