/* Structures without a name are known by the members that have them. */
// mupac: --cpu-threshold 0
typedef struct {
    struct {
        double x, y;
    } at, speed;
    double mass;
} particle;
struct grid {
    int count;
    struct {
        double density;
        struct {
            float u, v;
        } flow[2];
    } *cells;
    struct {
        double low, high;
    } range[4];
};
void move(particle *p, int n, double dt) {
    for (int i = 0; i < n; i++) {
        p[i].at.x += dt * p[i].speed.x;
        p[i].at.y += dt * p[i].speed.y;
    }
}
void relax(struct grid *g, double factor) {
    for (int i = 0; i < g->count; i++) {
        g->cells[i].density *= factor;
        g->cells[i].flow[1].u = g->cells[i].flow[0].v - g->cells[i].density;
    }
}
double width(const struct grid *g, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 4; k++) sum += g[i].range[k].high - g[i].range[k].low;
    return sum;
}
