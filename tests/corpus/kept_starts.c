/* What the first slot of a `for` keeps in variables of its own may lie in memory, which the loop leaves alone. */
// mupac: --cpu-threshold 0
struct vector { int n; float *x; };
void fill(struct vector *v) {
    for (int i = 0, n = v->n; i < n; i++) v->x[i] = 1;
}
void walk(struct vector *v) {
    float *x;
    int i;
    for (i = 0, x = v->x; i < v->n; i++) *x++ = 2;
}
void weigh(const struct vector *v, float *out) {
    for (int i = 0, n = v->n; i < n; i++) out[i] = v->x[i] / n;
}
/* Here the loop changes what was read before it. */
void stepped(int *q, int *c, int m) {
    for (int r = 0; r < m; r++)
        for (int i = 0, k = q[r]; i < 4; i++, k++) {
            q[r] = 7;
            c[r] += k;
        }
}
void cached(struct vector *v, int *c, int m) {
    for (int r = 0; r < m; r++)
        for (int i = 0, k = v[r].n; i < 4; i++) {
            v[r].n = k + 1;
            c[r] += k;
        }
}
