/* `errno`, `NULL`, `assert`, `offsetof`, `va_arg`, `setjmp`. */
#include <assert.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct s { char c; double d; int a[4]; };
static jmp_buf back;

static int sum(int n, ...) {
    va_list all;
    va_start(all, n);
    int s = 0;
    while (n--) s += va_arg(all, int);
    va_end(all);
    return s;
}

int main(void) {
    errno = 0;
    strtol("99999999999999999999", NULL, 10);
    assert(errno == ERANGE);
    char *p = NULL;
    int *q = 0;
    printf("%d %zu %zu %d\n", p == NULL, offsetof(struct s, d), offsetof(struct s, a[2]), q == NULL);
    printf("%d %zu\n", sum(3, 1, 'b', 1 < 2), sizeof NULL);
    volatile int n = 0;
    if (setjmp(back) < 3) { n++; longjmp(back, n); }
    printf("%d\n", n);
    void *m = malloc(16);
    char *t = m;
    memset(t, 0, 16);
    printf("%d %s\n", t[3], strchr("a,b", ','));
    free(m);
}
