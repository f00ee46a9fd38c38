// mupac: --cpu-threshold 0
// Uses of macros that stand for nothing, or for a semicolon, between a loop and its end.
#define EMPTY
#define TRACE(x)
#define SEMI ;
static double a[64], b[64];
void g(int k) {
    for (int i = 0; i < 64; i++) a[i] += k EMPTY;
    for (int i = 0; i < 64; i++) b[i] += k;
    for (int i = 0; i < 64; i++) a[i] -= b[i] TRACE(i) EMPTY;
    for (int i = 0; i < 64; i++) b[i] *= k SEMI
}
