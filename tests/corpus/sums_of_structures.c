// mupac: --cpu-threshold 0
/* Structures that are summed up by functions that return them: each member is a sum of its own. */
struct vec3 {
    float x, y, z;
};

struct body {
    struct vec3 at, v;
    float mass;
};

struct moments {
    long count;
    double sum, squares;
};

static struct vec3 add(struct vec3 a, struct vec3 b) {
    return (struct vec3){a.x + b.x, a.y + b.y, a.z + b.z};
}

static struct vec3 scale(struct vec3 a, float s) {
    struct vec3 r;
    r.x = a.x * s;
    r.y = a.y * s;
    r.z = a.z * s;
    return r;
}

static struct moments with(struct moments m, double x) {
    m.count++;
    m.sum += x;
    m.squares += x * x;
    return m;
}

static struct vec3 turned(struct vec3 a, struct vec3 by) {
    return (struct vec3){a.y + by.x, a.z + by.y, a.x + by.z};
}

struct vec3 total(const struct vec3 *a, int n) {
    struct vec3 s = {0, 0, 0};
    for (int i = 0; i < n; i++) s = add(s, a[i]);
    return s;
}

struct vec3 momentum(const struct body *b, int n) {
    struct vec3 p = {0};
    for (int i = 0; i < n; i++) p = add(p, scale(b[i].v, b[i].mass));
    return p;
}

void of_all(struct moments *out, const double *x, int n) {
    struct moments m = {0, 0, 0};
    for (int i = 0; i < n; i++) m = with(m, x[i]);
    *out = m;
}

/* Sums of rows, and of what lies around an element. */
void rows(struct vec3 *restrict out, const struct vec3 *restrict a, int n, int m) {
    for (int i = 0; i < n; i++) {
        struct vec3 s = {0};
        for (int j = 0; j < m; j++) s = add(s, scale(a[i * m + j], 1.0f / (1 + j)));
        out[i] = scale(s, 0.5f);
    }
}

/* Each member is computed from another one that was assigned before: iterations need their order. */
struct vec3 in_turn(const struct vec3 *a, int n) {
    struct vec3 s = {1, 2, 3};
    for (int i = 0; i < n; i++) s = turned(s, a[i]);
    return s;
}
