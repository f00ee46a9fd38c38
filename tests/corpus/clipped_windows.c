// mupac: --cpu-threshold 0
// What `continue` leaves out says how far windows reach, and what a function allocates how far what data decide.
#include <stdio.h>
#include <stdlib.h>

static void blur(const float *in, float *out, int w, int h, int r) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            float sum = 0;
            for (int dy = -r; dy <= r; dy++) {
                int yy = y + dy;
                if (yy < 0 || yy >= h) continue;
                for (int dx = -r; dx <= r; dx++) {
                    int xx = x + dx;
                    if (xx < 0) continue;
                    if (xx >= w) continue;
                    sum += in[yy * w + xx];
                }
            }
            out[y * w + x] = sum;
        }
}

struct node {
    int left, right;
    float cut, value;
};

// How often each number is halved, and which leaf of a tree it comes to.
static double walks(int n, int count) {
    int *next = malloc(n * sizeof(int)), *steps = malloc(count * sizeof(int));
    struct node *tree = malloc(63 * sizeof *tree);
    float *score = malloc(count * sizeof(float));
    for (int i = 0; i < n; i++) next[i] = i / 2;
    for (int i = 0; i < 63; i++) tree[i] = (struct node){i < 31 ? 2 * i + 1 : -1, 2 * i + 2, i % 7 * 0.1f, (float)i};
    for (int i = 0; i < count; i++) {
        int at = i % n, k = 0, leaf = 0;
        while (at > 0) {
            at = next[at];
            k++;
        }
        steps[i] = k;
        while (tree[leaf].left >= 0) leaf = i % 10 * 0.07f < tree[leaf].cut ? tree[leaf].left : tree[leaf].right;
        score[i] = tree[leaf].value;
    }
    double all = 0;
    for (int i = 0; i < count; i++) all += steps[i] * (i % 3) + score[i];
    free(next), free(steps), free(tree), free(score);
    return all;
}

// A probe ends at an empty place; a mask says how many there are.
static void find(int n, const unsigned *keys, const unsigned *table, unsigned mask, int *out) {
    for (int i = 0; i < n; i++) {
        unsigned at = keys[i] * 2654435761u & mask;
        while (table[at] != keys[i] && table[at] != 0) at = (at + 1) & mask;
        out[i] = table[at] == 0 ? -1 : (int)at;
    }
}

int main(void) {
    enum { W = 30, H = 20 };
    static float in[W * H], out[W * H];
    for (int i = 0; i < W * H; i++) in[i] = (float)(i % 13);
    double all = 0;
    for (int r = 0; r < 3; r++) {
        blur(in, out, W, H, r);
        for (int i = 0; i < W * H; i++) all += out[i] * (i % 3);
    }
    all += walks(300, 500);
    static unsigned keys[200], table[256];
    static int found[200];
    for (unsigned i = 1; i <= 100; i++) {
        unsigned at = i * 7 * 2654435761u & 255;
        while (table[at]) at = (at + 1) & 255;
        table[at] = i * 7;
    }
    for (int i = 0; i < 200; i++) keys[i] = 1 + i * 5;
    find(200, keys, table, 255, found);
    for (int i = 0; i < 200; i++) all += found[i] * (i % 4);
    printf("%.10g\n", all);
    return 0;
}
