// mupac: --cpu-threshold 100
#include <stdio.h>

struct box {
    int n, weight, rest[300];
};
struct link {
    struct box *to;
    int base;
};

static int memory[400];

// Each of these is also called with an array that contains its own bound, which ends it early or late.
static void by_pointer(const int *n, int *x) {
    for (int i = 0; i < *n; i++)
        x[i] = i + 100;
}

static void by_member(const struct box *b, int *x) {
    for (int i = 0; i < b->n; i++)
        x[i] = x[i] * b->weight + 3;
}

// The pointer on the way may lie in the array as well.
static void by_two_pointers(const struct link *l, int *x) {
    for (int i = 0; i < l->to->n; i++)
        x[i] = i + l->base;
}

// The inner bound is not read where the outer loop does not run.
static void by_inner_pointer(int n, const int *m, int *x) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < *m; j++)
            x[i * 20 + j] += i;
}

int main(void) {
    struct box b = {260, 3, {0}};
    struct link l = {&b, 120};
    int size = 240;
    by_pointer(&size, memory);
    by_pointer(memory, memory);
    memory[5] = 200;
    by_pointer(&memory[5], memory);
    by_member(&b, memory);
    by_member(&b, &b.weight);
    b.n = 250;
    b.weight = 0;
    by_member(&b, &b.n);
    b.n = 260;
    by_two_pointers(&l, memory);
    by_two_pointers(&l, &b.n);
    size = 15;
    by_inner_pointer(20, &size, memory);
    memory[3] = 12;
    by_inner_pointer(20, &memory[3], memory);
    by_inner_pointer(0, 0, memory);
    unsigned long sum = 0;
    for (int i = 0; i < 300; i++)
        sum = sum * 31 + (unsigned)(memory[i] + b.rest[i]);
    printf("%lu %d %d\n", sum, b.n, b.weight);
    return 0;
}
