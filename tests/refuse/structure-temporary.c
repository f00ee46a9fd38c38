typedef struct {
    double x, y;
} vec;
typedef struct {
    double p[3];
    vec v;
} wide;

/* One member is read before it is written. */
void early(int n, const vec *r, vec *f) {
    vec d = {1, 0};
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads d, which i = 0 wrote
        f[i].x = d.x;
        d.x = r[i].x;
        d.y = r[i].y;
        f[i].y = d.y;
    }
}

/* One is not written in every iteration. */
void sometimes(int n, const vec *r, vec *f) {
    vec d = {1, 0};
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads d, which i = 0 wrote
        d.y = r[i].y;
        if (r[i].x > 0)
            d.x = r[i].x;
        f[i].x = d.x + d.y;
    }
}

/* Which element is written is not known. */
void somewhere(int n, const int *which, const vec *r, vec *f) {
    wide d = {{0}};
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of d is not a sum of variables times constants
        d.p[which[i]] = r[i].x;
        f[i].x = d.p[1];
    }
}

/* A pointer leads to it: by `&`, and by an array's name. */
void pointed(int n, const vec *r, vec *f) {
    vec d = {2, 2}, *q = &d;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads d, which i = 0 wrote
        d.x = r[i].y;
        f[i].x = q->y + d.x;
        q->y = d.x;
    }
}

void named(int n, const vec *r, vec *f) {
    wide d = {{1, 2, 3}};
    double *q = d.p;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads d[0], which i = 0 wrote
        f[i].x = q[1];
        d.p[0] = r[i].x;
        d.p[1] = r[i].y;
        f[i].y = d.p[0] + d.p[1];
    }
}

/* The next loop reads a member. */
void next(int n, int steps, const vec *r, vec *f) {
    vec d = {1, 1};
    for (int t = 0; t < steps; t++) { //~ carried-dependence: t = 1 reads f[0], which t = 0 wrote
        for (int i = 0; i < n; i++)
            f[i].x += d.x;
        for (int i = 0; i < n; i++) {
            d.x = r[i].x;
            d.y = r[i].y;
            f[i].y += d.y * d.x;
        }
    }
}
