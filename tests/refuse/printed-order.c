// mupac: --cpu-threshold 0
#include <stdio.h>
#include <stdlib.h>

/* The map keeps its kernel; the sum shows in a whole number in which order it was added up, and since nobody can say what
   the environment holds, how far it may be off is not known. */
int main(void) {
    static float a[3000];
    const char *scale = getenv("SCALE");
    for (int i = 0; i < 3000; i++)
        a[i] = 0.1f * (i % 7);
    float sum = 0.0f;
    for (int i = 0; i < 3000; i++) //~ check-failed: the check of its kernel failed: value
        sum += a[i];
    printf("%.9g %d\n", a[8], (int)((scale ? sum * atof(scale) : sum) * 100000) % 1000);
    return 0;
}
