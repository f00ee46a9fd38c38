// Macros by names that generated text cannot do without.
// mupac: --cpu-threshold 100
#include <stdio.h>
#define blocks 4
#define check(x) ((x) + 1)
#define device "gpu"
#define count 17
#define line 3
#define in 1
#define out 2
#define x 100
#define y 5
#define step 2
#define T 9
static double a[5000], b[5000];
int main(void) {
    double s = 0;
    for (int i = 0; i < 5000; i++) a[i] = i % x * check(y);
    for (int i = 0; i < 5000; i++) b[i] = a[i] * count + blocks + line + in + out + T + step;
    for (int i = 0; i < 5000; i++) s += b[i];
    printf("%s %g\n", device, s);
    return 0;
}
