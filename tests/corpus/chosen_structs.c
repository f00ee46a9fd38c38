/* Structures that expressions make: members of them, and values that are assigned on. */
// mupac: --cpu-threshold 0
typedef struct { float x, y; int kind; } node;
static node made(const node *a, float k) {
    node n = *a;
    n.x *= k;
    return n;
}
void choose(int n, const node *a, const node *b, float *out) {
    for (int i = 0; i < n; i++) out[i] = (a[i].x > b[i].x ? a[i] : b[i]).y;
}
void both(int n, node *u, node *v, const node *a) {
    for (int i = 0; i < n; i++) u[i] = v[i] = a[i];
}
void called(int n, const node *a, float *out) {
    for (int i = 0; i < n; i++) out[i] = made(&a[i], 2.0f).x + (i & 1 ? made(a + i, 3.0f) : a[i]).y;
}
