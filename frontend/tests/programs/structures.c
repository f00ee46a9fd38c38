// Structures as arguments, results and first values; variables that start with values.
#include <stdio.h>
struct point { int x; double y; };
struct shape { char name[8]; struct point corner[2]; float weight; };
static struct shape shapes[2] = {{"square", {{1, 2.5}, {3}}, 0.5f}, {.weight = 2}};
static struct shape plain[2] = {{"square", {{1, 2.5}, {3}}, 0.5f}};
static const int table[2][3] = {{1, 2, 3}, {4, 5}};
int tentative;
int tentative = 7;
unsigned char bytes[4] = {255, 'a', 1 + 1};
_Bool flag = 3;
float ratio = 1;
long big = 1L << 40;

static struct point moved(struct point from, int by) {
    static int calls = 10;
    from.x += by;
    from.y *= 2;
    calls++;
    from.y += calls;
    return from;
}

static double sum(struct shape s) { return s.corner[0].x + s.corner[1].x + s.weight; }

int main(void) {
    struct point p = {1, 2}, q = moved(p, 3);
    q = moved(q, 1);
    p = moved(moved(p, 1), 1);
    printf("%d %g %d %g\n", p.x, p.y, q.x, q.y);
    printf("%s %g %g\n", plain[0].name, sum(plain[0]), sum(plain[1]));
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            printf("%d ", table[i][j]);
    printf("%d %d %d %d %d %g %ld\n", tentative, bytes[0], bytes[1], bytes[3], flag, ratio, big);
    return 0;
}
