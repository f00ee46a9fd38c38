// mupac: --cpu-threshold 0
/* Variables of the file that every iteration writes first: what the last one leaves is put back, for whoever reads it. */
#include <stdlib.h>

static double read_first, read_elsewhere, pointed, sorted, in_text, after_call;
double visible;
typedef struct {
    double x, y;
} vec;
static vec half;

/* The value of the call before, or of another function, or that one reads. */
void first(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++)
        f[i] += read_first;
    for (int i = 0; i < n; i++) {
        read_first = r[i];
        f[i] += read_first;
    }
}

static double reader(double x) { return x + read_elsewhere; }

void elsewhere(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        read_elsewhere = r[i] + 3;
        f[i] += read_elsewhere;
    }
    f[0] = reader(1);
}

/* Others reach it: by a pointer, from other files, in text that is not modelled. */
double *address(void) { return &pointed; }

void taken(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        pointed = r[i];
        f[i] += pointed;
    }
}

void shared(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        visible = r[i];
        f[i] += visible * visible;
    }
}

union bits {
    double a;
    long b;
};

double text(union bits u) {
    u.a = in_text;
    return u.b;
}

void unmodelled(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        in_text = r[i];
        f[i] += in_text;
    }
}

/* What a call may have written is read. */
static int compare(const void *a, const void *b) {
    sorted = *(const double *)a;
    double y = *(const double *)b;
    return sorted < y ? -1 : sorted > y;
}

void in_order(int n, const double *r, double *f) {
    sorted = 0;
    qsort(f, n, sizeof *f, compare);
    f[0] += sorted;
    for (int i = 0; i < n; i++) {
        sorted = r[i];
        f[i] += sorted;
    }
}

void recursive(int n, int depth, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        after_call = r[i];
        f[i] += after_call * depth;
    }
    after_call = depth;
    if (depth > 0)
        recursive(n, depth - 1, r, f);
    f[0] += after_call;
}

/* The other member keeps its value. */
void partly(int n, const double *r, double *f) {
    for (int i = 0; i < n; i++) {
        half.x = r[i];
        f[i] += half.x * half.y;
    }
    half.y += 1;
}

/* A member of a local one is read behind the loop. */
double later(int n, const vec *r, vec *f) {
    vec d = {-1, -2};
    for (int i = 0; i < n; i++) {
        d.x = r[i].x;
        d.y = r[i].y;
        f[i].x = d.x * d.y;
    }
    return d.y;
}

/* A truth value that no action of the device stores alone. */
void narrow(int n, const int *restrict a, char *found) {
    for (int i = 0; i < n; i++)
        if (a[i] > 9)
            *found = 1;
}
