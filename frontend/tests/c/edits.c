// What C++ wants to be written.
#include <stdlib.h>
#define NEW(n) malloc(n)
#define PLAIN(p) ((void *)(p))
enum mode { OFF, ON };
_Static_assert(sizeof(int) == 4, "int");
double *make(int n, const void *from, double *restrict other, int old[static 4]) {
    double *p = malloc(n * sizeof *p), *q = NULL;
    int (*grid)[8] = calloc(n, sizeof *grid);
    void *v = p;
    q = NEW(8); p = PLAIN(v);
    char *text = n ? v : v;
    enum mode mode = 1;
    mode = n;
    const char *bytes = from;
    char *mutable_bytes = (char *)from;
    free(p);
    _Bool class = 0; goto try; try: class = 1;
    return v;
}
static int repeated;
static int repeated;
int tentative;
int tentative = 3;
void rows(int n, int m, const double a[n][m], double (*b)[m], int c[restrict n]) {
    double (*d)[m] = malloc(sizeof(double[n][m]));
    float pair[2] = {n, 0.1};
    enum mode mode = OFF;
    for (mode = OFF; mode <= ON; mode++) c[mode] += 2 * (mode - 2 < 0);
    mode |= ON;
    while (mode-- == ON) c[--mode] = pair[0];
    free(d);
}
int square_root(float x, unsigned u) { return sizeof('a') + abs(u) + sizeof(1 == 2); }
void nameless(void *from) {
    struct { int a; } *p = from, *q;
    q = from;
    p->a = q->a;
}
struct pair { int a; double b; };
void take(struct pair *first, const void *second, struct pair third);
void literals(int n) {
    take(&(struct pair){n, 2.0}, &(struct { int *p; int q; }){&n, n / 2}, (struct pair){1, 2});
}
#include <math.h>
#define ENDS(x) (isinf(x) ? 'y' : 'n')
int infinite(double x) {
    int sign = isinf(x);
    if (isinf(x) < 0 || (isinf(x))) return sign + !isinf(x) + ENDS(x);
    return isinf((float)x);
}
#include <inttypes.h>
#define WIDE "%"PRIu64
const char *formats[] = {"<%" PRId32">", "%"PRIx64"/"WIDE};
