/* `NULL` in macros of the program's own: C converts it, and the header of C++ has another one. */
#include <stdio.h>
#include <stdlib.h>

#define FORGET(s, field) { if (s->field) free(s->field); s->field = NULL; }
#define NOTHING NULL

struct rows {
    double *values;
    int *counts;
};

int main(void) {
    struct rows rows, *all = &rows;
    all->values = calloc(3, sizeof *all->values);
    all->counts = NOTHING;
    FORGET(all, values);
    FORGET(all, counts);
    printf("%d\n", rows.values == NULL && rows.counts == NOTHING);
    return 0;
}
