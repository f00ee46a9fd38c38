/* `switch` past an initialiser. */
#include <stdio.h>

static int f(int k) {
    switch (k) {
    case 0:;
        int t = 3;
        return t;
    default: //~ needs-c: C++ does not accept this: cannot jump from switch statement to this case label
        return k;
    }
}

int main(void) { printf("%d %d\n", f(0), f(1)); }
