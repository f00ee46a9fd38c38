#include <stdbool.h>
struct particle { char kind; double x[2]; bool alive; };

void move(int n, double dt, struct particle *p) {
    for (int i = 0; i < n; i++)
        if (p[i].alive) p[i].x[0] = p[i].x[0] + dt * p[i].x[1];
}
