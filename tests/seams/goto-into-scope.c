/* `goto` and `switch` past declarations without and with initialiser. */
#include <stdio.h>

static int f(int k) {
    int r = 0;
    if (k == 1) goto inside;
    while (r < 3) {
        int t;
        t = 5;
        r += t;
    inside:
        r++;
    }
    return r;
}

static int g(int k) {
    switch (k) {
        int t;
    case 0: t = 3; return t;
    case 1: t = 4; return t + 1;
    }
    return -1;
}

int main(void) { printf("%d %d %d %d\n", f(0), f(1), g(0), g(1)); }
