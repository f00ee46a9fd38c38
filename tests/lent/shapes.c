#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct body { double at[3]; float speed[3]; char name; int hits; };
struct view { int n; float *data; };
struct grid { int n; int cell[20]; };
enum { TOP = 20 };
static const short table[5] = {3, 1, 4, 1, 5};
int global[TOP];
float *shared;
static jmp_buf place;

/* Structures with arrays in them. */
void move(int n, struct body *b, float dt) {
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++) b[i].at[k] += b[i].speed[k] * dt;
        b[i].hits += b[i].name;
    }
}
/* One structure, whose size is another's. */
int rows(int n, struct grid *g, const int *x) {
    int left = 0;
    for (int i = 0; i < n; i++) {
        g->cell[i] = x[i] + table[i % 5];
        left += x[i];
    }
    return left;
}
/* The pointer in a structure is the host's. */
void views(struct view v, float *x) {
    for (int i = 0; i < v.n; i++) x[i] += v.data[i];
}
/* So is one of file scope. */
void with_shared(int n, float *x) {
    for (int i = 0; i < n; i++) { shared[i] += 1; x[i] += shared[i]; }
}
/* Arrays of the function and of the file. */
int locals(int n, int *x, int *y) {
    int mine[TOP];
    static int calls[TOP];
    for (int i = 0; i < TOP; i++) mine[i] = i * i;
    for (int i = 0; i < n; i++) {
        y[i] = x[i] + mine[i] + global[TOP - 1 - i];
        calls[i] += 1;
        global[i] = mine[i] - x[i];
    }
    return calls[0] + mine[3];
}
/* A scratch array that every iteration fills anew. */
void scratch(int n, int *x, const int *y) {
    int t[4];
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 4; k++) t[k] = y[i] * k;
        x[i] = t[0] + t[1] + t[2] * t[3];
    }
}
/* What a caller leaves out. */
void optional(int n, int *x, int *out) {
    for (int i = 0; i < n; i++) {
        x[i] *= 2;
        if (out) out[i] = x[i] + 1;
    }
}
/* Pointers that walk. */
void walk(int n, int *x, const int *y) {
    for (int i = 0; i < n; i++) *x++ = *y++ + i;
}
void walk_twice(int n, int *x) {
    for (int i = 0; i < n; i++) *x++ = i;
    for (int i = 0; i < n; i++) *x++ = -i;
}
void row_pointer(int n, int m, int *x, const int *y) {
    for (int i = 0; i < n; i++) {
        int *row = x + i * m;
        for (int j = 0; j < m; j++) row[j] = y[j] * i;
    }
}
/* Backwards, and before the pointer. */
void backwards(int n, int *x) {
    for (int i = n - 1; i >= 0; i--) x[-i] = i;
}
/* Returns in the middle, conditions around loops, loops of the host around them. */
int conditions(int n, int mode, int *x, int *y) {
    if (n > 30) return -1;
    if (mode & 1)
        for (int i = 0; i < n; i++) x[i] += mode;
    for (int t = 0; t < mode; t++) {
        for (int i = 0; i < n; i++) y[i] = x[i] * 2 + t;
        for (int i = 0; i < n; i++) x[i] = y[n - 1 - i] - t;
    }
    if (mode == 2) return n;
    for (int i = 0; i < n; i++) y[i] -= 5;
    return mode;
}
void swapped(int n, int steps, int *a, int *b) {
    for (int t = 0; t < steps; t++) {
        for (int i = 1; i < n - 1; i++) b[i] = a[i - 1] + a[i] + a[i + 1];
        int *c = a; a = b; b = c;
    }
}
void jumps(int n, int *x) {
    if (setjmp(place)) return;
    for (int i = 0; i < n; i++) x[i] ^= i;
    if (n > 3) longjmp(place, 1);
}
void again(int n, int *x) {
    for (int i = 0; i < n; i++) x[i] += 1;
    if (n > 1) again(n / 2, x);
}
static int first(const int *x, int i) { return x[i] * 3; }
void helper(int n, int *x, const int *y) {
    for (int i = 0; i < n; i++) x[i] = first(y, i) + first(y, n - 1 - i);
}
void counts(int n, int *h, const int *k) {
    for (int i = 0; i < n; i++) h[k[i] & 15]++;
}
void small(int *x) {
    for (int i = 0; i < 3; i++) x[i] = i + 4;
}
void wraps(unsigned n, unsigned step, int *x) {
    for (unsigned i = 0; i < n; i++) x[i * step % 64u] += 1;
}
unsigned char narrow(unsigned char n, unsigned char *x, const signed char *y) {
    unsigned char i;
    for (i = 0; i < n; i++) x[i] = y[i] * 2;
    return i;
}
long triangle(int n, int m, int x[n][m]) {
    long all = 0;
    for (int i = 0; i < n; i++)
        for (int j = i; j < m; j++) { x[i][j] += i; all += x[i][j]; }
    return all;
}
int at_most(int n, const int *x) {
    int best = x[0];
    for (int i = 1; i < n; i++) if (x[i] > best) best = x[i];
    return best;
}
int greatest(int n, const int *x) {
    int best = -1000;
    for (int i = 0; i < n; i++) best = x[i] > best ? x[i] : best;
    return best;
}
/* What a branch leaves behind. */
int maybe(int n, int flag, int *x) {
    int seen = 5;
    if (flag) {
        for (int i = 0; i < n; i++) { x[i] = i; seen = x[i] * 2; }
    }
    return seen;
}

/* calls */
#define SHOW(x) show(#x, (const unsigned char *)(x), sizeof(x))
static void show(const char *name, const unsigned char *x, size_t size) {
    unsigned long hash = 5381;
    for (size_t i = 0; i < size; i++) hash = hash * 33 + x[i];
    printf("%s %lu\n", name, hash);
}
static void fill(int *x, int n, int by) { for (int i = 0; i < n; i++) x[i] = i * by % 37 - 11; }

int main(void) {
    for (int n = 0; n <= 20; n += n < 4 ? 1 : 4) {
        int x[64], y[64];
        fill(x, 64, 5); fill(y, 64, 7); fill(global, TOP, 3);
        float f[24], s[24];
        for (int i = 0; i < 24; i++) { f[i] = i * 0.25f; s[i] = 3 - i; }
        struct body b[20];
        memset(b, 0, sizeof b);
        for (int i = 0; i < 20; i++) { b[i].at[1] = i; b[i].speed[1] = 2 * i; b[i].speed[2] = n; b[i].name = i; }
        { struct body *d = LEND(move, b); move(n, d, 0.5f); BACK(move, b, d); SHOW(b); }
        struct grid g[1];
        memset(g, 0, sizeof g);
        g->n = 4;
        { struct grid *d = LEND(rows, g); int *e = LEND(rows, x); printf("%d\n", rows(n, d, e)); BACK(rows, g, d); BACK(rows, x, e); SHOW(g); SHOW(x); }
        int more[32] = {4}; /* goes on behind the structure */
        { int *d = LEND(rows, more); int *e = LEND(rows, x); printf("%d\n", rows(n + 8, (struct grid *)d, e)); BACK(rows, more, d); BACK(rows, x, e); SHOW(more); }
        struct view v = {n, s};
        { float *d = LEND(views, f); views(v, d); BACK(views, f, d); SHOW(f); SHOW(s); }
        shared = s;
        { float *d = LEND(with_shared, f); with_shared(n, d); BACK(with_shared, f, d); SHOW(f); SHOW(s); }
        for (int by = -2; by <= 24; by += 13) {
            { int *d = LEND(locals, x); printf("%d\n", locals(n, d + 4, d + 4 + by)); BACK(locals, x, d); SHOW(x); SHOW(global); }
            { int *d = LEND(scratch, x); scratch(n, d + 4, d + 4 + by); BACK(scratch, x, d); SHOW(x); }
            { int *d = LEND(optional, x); optional(n, d + 4, d + 4 + by); BACK(optional, x, d); SHOW(x); }
            { int *d = LEND(walk, x); walk(n, d + 4, d + 4 + by); BACK(walk, x, d); SHOW(x); }
            { int *d = LEND(row_pointer, x); row_pointer(3, n % 8, d + 4, d + 4 + by); BACK(row_pointer, x, d); SHOW(x); }
            for (int mode = 0; mode < 4; mode++) { int *d = LEND(conditions, x); printf("%d\n", conditions(n, mode, d + 4, d + 4 + by)); BACK(conditions, x, d); SHOW(x); }
            { int *d = LEND(swapped, x); swapped(n, n % 4, d + 4, d + 4 + by); BACK(swapped, x, d); SHOW(x); }
            { int *d = LEND(helper, x); helper(n, d + 4, d + 4 + by); BACK(helper, x, d); SHOW(x); }
            { int *d = LEND(counts, x); counts(n, d + 4, d + 4 + by); BACK(counts, x, d); SHOW(x); }
            { unsigned char *c; int *d = LEND(narrow, y); c = (unsigned char *)d; printf("%d\n", narrow(n * 2, c + 40, (signed char *)c + 40 + by)); BACK(narrow, y, d); SHOW(y); }
        }
        fill(x, 64, 5);
        { int *d = LEND(optional, x); optional(n, d, NULL); BACK(optional, x, d); SHOW(x); }
        { int *d = LEND(walk_twice, x); walk_twice(n, d); BACK(walk_twice, x, d); SHOW(x); }
        { int *d = LEND(backwards, x); backwards(n, d + 30); BACK(backwards, x, d); SHOW(x); }
        { int *d = LEND(jumps, x); jumps(n, d); BACK(jumps, x, d); SHOW(x); }
        { int *d = LEND(again, x); again(n, d); BACK(again, x, d); SHOW(x); }
        { int *d = LEND(small, x); small(d); BACK(small, x, d); SHOW(x); }
        { int *d = LEND(wraps, x); wraps(n, 3, d); wraps(n, 4000000000u, d); BACK(wraps, x, d); SHOW(x); }
        { int *d = LEND(triangle, x); printf("%ld\n", triangle(n % 7, 8, (int (*)[8])d)); BACK(triangle, x, d); SHOW(x); }
        { int *d = LEND(at_most, x); printf("%d\n", at_most(n, d)); BACK(at_most, x, d); }
        { int *d = LEND(greatest, x); printf("%d\n", greatest(n, d)); BACK(greatest, x, d); }
        for (int flag = 0; flag < 2; flag++) { int *d = LEND(maybe, x); printf("%d\n", maybe(n, flag, d)); BACK(maybe, x, d); SHOW(x); }
    }
    return 0;
}
