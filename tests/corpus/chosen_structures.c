// Conditional expressions that choose structures.
// mupac: --cpu-threshold 0
typedef struct {
    double x, y, z;
} vec;

static inline vec add(vec a, vec b) { return (vec){a.x + b.x, a.y + b.y, a.z + b.z}; }
static inline vec scale(vec a, double s) { return (vec){a.x * s, a.y * s, a.z * s}; }

// An element or a literal.
void shade(vec *out, const vec *colors, const int *hits, int n, int m) {
    for (int i = 0; i < n; i++)
        out[i] = hits[i] >= 0 && hits[i] < m ? colors[hits[i]] : (vec){0.25, 0.5, 0.75};
}

// Calls, one choice in the other, and a first value.
void bounce(vec *p, vec *v, double step, double most, int n) {
    for (int i = 0; i < n; i++) {
        vec next = add(p[i], scale(v[i], step));
        v[i] = next.x > most ? (next.y > most ? scale(v[i], -1) : add(v[i], next)) : v[i];
        p[i] = next;
    }
}

// As an argument.
double length(const vec *a, const vec *b, const int *which, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
        vec one = scale(which[i] ? a[i] : b[i], 2);
        sum += one.x * one.x + one.y * one.y + one.z * one.z;
    }
    return sum;
}
