// mupac: --cpu-threshold 0
#include <stdio.h>

/* What GNU C calls the line changes with every line that a kernel adds before it, so the program tells the texts apart. */
int main(void) {
    static float a[1000];
    for (int i = 0; i < 1000; i++) //~ check-failed: the check of its kernel failed: value in
        a[i] = i;
    printf("line %d: %g\n", __builtin_LINE(), a[999]);
    return 0;
}
