// mupac: --cpu-threshold 0
// Structures that hold pointers move on the device as what they are called: the host looks at their pointers behind that.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double *row;
    double mean;
} item;

static void move(double *to, const double *from, size_t bytes) {
    memcpy(to, from, bytes);
}

static void means(item *r, int count, int n) {
    for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int t = 0; t < n; t++) sum += r[i].row[t];
        r[i].mean = sum;
    }
}

static void scaled(item *r, int count, int n) {
    for (int i = 0; i < count; i++)
        for (int t = 0; t < n; t++) r[i].row[t] *= 2;
}

int main(void) {
    int count = 40, n = 50;
    item *a = malloc(count * sizeof *a), *b = malloc(count * sizeof *b);
    double *rows = malloc(2 * count * n * sizeof *rows);
    for (int i = 0; i < count; i++) {
        a[i].row = rows + i * n;
        b[i].row = rows + (count + i) * n;
    }
    for (int i = 0; i < 2 * count * n; i++) rows[i] = i % 13;
    for (int step = 0; step < 3; step++) {
        means(a, count, n);
        means(b, count, n);
        move((double *)b, (const double *)a, count * sizeof *a);
        scaled(b, count, n);
    }
    double total = 0;
    for (int i = 0; i < count; i++) total += a[i].mean + 3 * b[i].mean;
    for (int i = 0; i < 2 * count * n; i++) total += rows[i] * (i % 7);
    printf("%.1f\n", total);
    return 0;
}
