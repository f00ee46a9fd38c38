// Names that nvcc takes, arguments of macros, and values behind designators.
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdint.h>
#define V 4
typedef struct set { double start, end; struct set *next; } Set;
void prim(uint16_t G[][V], int n) { for (int i = 0; i < n; i++) for (int j = 0; j < n; j++) G[i][j] += 1; }
int max(int a, int b) { return a > b ? a : b; }
int main(void) {
    uint16_t g[V][V] = {0};
    uint16_t (*G)[V] = g;
    int a = 3, b = 4;
    Set head = {.start = a, .end = b, .next = 0};
    float x = 0.5f, y = 0.25f;
    assert(fabs(x - y) < 1);
    prim(&(*G), V);
    printf("%d %g %d\n", max(a, b), head.end, g[1][1]);
    return 0;
}
