// What C++ wants to be written.
#include <stdlib.h>
#define NEW(n) malloc(n)
enum mode { OFF, ON };
_Static_assert(sizeof(int) == 4, "int");
double *make(int n, const void *from, double *restrict other, int old[static 4]) {
    double *p = malloc(n * sizeof *p), *q = NULL;
    int (*grid)[8] = calloc(n, sizeof *grid);
    void *v = p;
    q = NEW(8);
    char *text = n ? v : v;
    enum mode mode = 1;
    mode = n;
    const char *bytes = from;
    char *mutable_bytes = (char *)from;
    free(p);
    _Bool class = 0;
    return v;
}
