void cross(int n, char *out) {
    for (int i = 2; i * i <= n; i++) //~ uncountable-loop: how often it runs is not known beforehand: `i * i <= n` does not compare i alone
        //? compute up to where it counts before the loop
        out[i] = n % i == 0;
}
//// as the hint says
#include <math.h>

void cross(int n, char *out) {
    int last = sqrt(n);
    for (int i = 2; i <= last; i++) //~ kernel
        out[i] = n % i == 0;
}
