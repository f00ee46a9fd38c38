#include <assert.h>

/* Behind the loop inside, subscripts rely on what it asserts. */
void relied_on(int n, int m, const int *at, const float *x, float *y) {
    for (int i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        for (int k = 0; k < 4; k++) //~ too-small: 4 iterations are too few to pay for a launch
            assert(at[4 * i + k] < m);
        y[i] = x[at[4 * i]];
    }
}

/* The loop that counts would go on for ever in the one around it. */
void may_not_end(int n, const int *x, int *y) {
    for (int i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        int v = x[i];
        while (v > 1) //~ uncountable-loop: how often it runs is not known beforehand
            for (int k = 0; k < 3; k++) { //~ carried-dependence: k = 1 reads v, which k = 0 wrote
                assert(v != 7);
                v = v / 2;
            }
        y[i] = v;
    }
}
