// mupac: --cpu-threshold 0
/* Values that macros have at one place only are asked for nowhere. */
#define HERE (__LINE__ % 13)
#define AGAIN (HERE + 1)
#define WIDTH 40
#define HALF (WIDTH / 2)
void add(int n, int *x) {
    enum { STEP = 3 };
#define LEAP (STEP + HALF)
    for (int i = 0; i < n; i++)
        x[i] += HERE + AGAIN;
    for (int i = 0; i < HALF; i++)
        x[i] += HERE - LEAP;
}

void scale(int n, int *x) {
    enum { STEP = 5 };
    for (int i = 0; i < n; i++)
        x[i] *= LEAP;
}
