// How far data lead is said by the blocks that the program allocates, wherever it does.
// mupac: --cpu-threshold 64
#include <stdio.h>
#include <stdlib.h>

struct node {
    int feature, left, right;
    double limit;
};
struct table {
    int n;
    int *next;
    double *value, *spare;
};

static int vertices, *first, *to, *level;

static void *get(size_t bytes) {
    void *block = malloc(bytes);
    if (!block) abort();
    return block;
}
static struct table table_of(int n) {
    struct table t = {n, get(n * sizeof(int)), get((n + 1) * sizeof(double)), NULL};
    for (int i = 0; i < n; i++) {
        t.next[i] = i % 5 ? i * 7 % n : -1;
        t.value[i] = 0.25 * i;
    }
    t.value[n] = 1.5;
    return t;
}
static void table_end(struct table *t) {
    free(t->next);
    free(t->value);
    free(t->spare);
}

// A structure by value: its blocks are as long as they were asked for.
static void follow(struct table t, int m, const int *start, double *out) {
    for (int i = 0; i < m; i++) {
        double sum = 0.0;
        int at = start[i];
        for (int step = 0; step < 6 && at >= 0; step++) {
            sum += t.value[at];
            at = t.next[at];
        }
        out[i] = sum;
    }
}
// A walk down a tree, which the caller has allocated.
static void predict(const struct node *nodes, int m, int features, const double *x, double *out) {
    for (int i = 0; i < m; i++) {
        int at = 0;
        for (int depth = 0; depth < 5; depth++)
            at = x[i * features + nodes[at].feature] < nodes[at].limit ? nodes[at].left : nodes[at].right;
        out[i] = nodes[at].limit;
    }
}
// A neighbour that was reached before is enough.
static int pull(const unsigned char *reached, unsigned char *now, int depth) {
    int found = 0;
    for (int v = 0; v < vertices; v++) {
        if (level[v] != -1) continue;
        for (int e = first[v]; e < first[v + 1]; e++)
            if (reached[to[e]]) {
                level[v] = depth;
                now[v] = 1;
                found++;
                break;
            }
    }
    return found;
}
// Where this begins nobody knows: once behind the start of a block.
static double gather(const double *from, const int *next, int m) {
    double sum = 0.0;
    for (int i = 0; i < m; i++) {
        int at = i;
        for (int step = 0; step < 3 && at >= 0; step++) {
            sum += from[at];
            at = next[at];
        }
    }
    return sum;
}

int main(void) {
    enum { N = 500, M = 800, FEATURES = 4 };
    struct table t = table_of(N);
    int *start = get(M * sizeof *start);
    double *out = get(M * sizeof *out), *x = get(M * FEATURES * sizeof *x), sum = 0.0;
    for (int i = 0; i < M; i++) start[i] = (i * 37 + 1) % N;
    for (int i = 0; i < M * FEATURES; i++) x[i] = (i * 29 % 101) * 0.01;
    follow(t, M, start, out);
    for (int i = 0; i < M; i++) sum += out[i];

    struct node *nodes = get(63 * sizeof *nodes);
    for (int i = 0; i < 63; i++) {
        int is_leaf = i >= 31;
        nodes[i] = (struct node){i % FEATURES, is_leaf ? 0 : 2 * i + 1, is_leaf ? 0 : 2 * i + 2, is_leaf ? i : 0.3 + i % 5 * 0.1};
    }
    predict(nodes, M, FEATURES, x, out);
    for (int i = 0; i < M; i++) sum += out[i] * (i % 3);

    vertices = 600;
    first = get((vertices + 1) * sizeof *first);
    to = get(3 * vertices * sizeof *to);
    level = get(vertices * sizeof *level);
    unsigned char *reached = calloc(vertices, 1), *now = calloc(vertices, 1);
    if (!reached || !now) return 1;
    for (int v = 0; v <= vertices; v++) first[v] = 3 * v;
    for (int e = 0; e < 3 * vertices; e++) to[e] = e * 17 % vertices;
    for (int v = 0; v < vertices; v++) level[v] = v ? -1 : 0;
    reached[0] = 1;
    for (int depth = 1; pull(reached, now, depth); depth++) {
        unsigned char *swap = reached;
        reached = now;
        now = swap;
        for (int v = 0; v < vertices; v++) now[v] = 0;
    }
    for (int v = 0; v < vertices; v++) sum += level[v];
    sum += gather(t.value, t.next, 200) + gather(t.value + 1, t.next, 200);
    printf("%.6f\n", sum);
    table_end(&t);
    free(start), free(out), free(x), free(nodes), free(first), free(to), free(level), free(reached), free(now);
    return 0;
}
