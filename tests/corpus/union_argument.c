// Pointers to unions and to structures of the system, whose insides the IR does not model, go to functions of the file.
#include <stddef.h>
#include <time.h>

union number {
    int i;
    float f;
};

static int is_there(const void *p) { return p != NULL; }

static int is_first(const union number *n, const union number *first) { return n == first; }

static int year(const struct tm *t) { return t->tm_year; }

int years(int *a, int count)
{
    const union number *n = (const union number *)a;
    struct tm t;
    t.tm_year = 70;
    int base = is_there(n) + is_first(n, n) + year(&t);
    for (int i = 0; i < count; i++)
        a[i] = base + i;
    return base;
}
