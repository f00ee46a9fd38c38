/* Nothing says that what these assert holds: data, a counter that its loop does not limit so, a number that the loop changes. */
#include <assert.h>

typedef struct {
    int w, h;
    float *data;
} image;

static void set_pixel(image m, int x, int y, float val) {
    assert(x < m.w && y < m.h);
    m.data[y * m.w + x] = val;
}

void scatter(image m, int n, const int *x) {
    for (int i = 0; i < n; i++) //~ side-effect: may end the program by assert
        set_pixel(m, x[i], 0, 1);
}

void beyond(image m, int n) {
    for (int i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        set_pixel(m, i, 0, 1);
        n = n < 100 ? n : 100;
    }
}

void after(int n, int m, float *a) {
    for (int i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        int j;
        if (i < m) {
            for (j = 0; j < n; j++)
                a[i * n + j] = 1;
            assert(j < m);
        }
    }
}

void unsigned_sum(unsigned n, unsigned m, float *a) {
    for (unsigned i = 0; i < n; i++) { //~ side-effect: may end the program by assert
        assert(i + 5 < m);
        a[i] = 1;
    }
}

void of_nan(int n, double x, double y, float *a) {
    for (int i = 0; i < n; i++) //~ side-effect: may end the program by assert
        if (!(x < y)) {
            assert(y <= x);
            a[i] = 1;
        }
}
