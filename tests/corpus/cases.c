// `switch` is a chain of conditions, and structures may be written as values.

enum place { WALL, FLUID, INLET = 5, OUTLET };

// Blocks, several labels, and a condition at the end of a case.
void boundary(int n, double *v, const double *w, const enum place *at) {
    for (int i = 0; i < n; i++) {
        switch (at[i]) {
        case WALL: v[i] = 0; break;
        case INLET:
        case OUTLET: {
            double t = w[i] * 2;
            v[i] = t + 1;
            break;
        }
        case FLUID:
            if (w[i] > 0)
                v[i] = w[i];
            else
                v[i] = -w[i];
            break;
        }
    }
}

// Cases that fall into others, a default in between, and one that goes on with the loop.
void weights(int n, int *a, const char *s) {
    for (int i = 0; i < n; i++) {
        int v = 0;
        switch (s[i]) {
        case 'a': v += 1;
        case 'b': v += 2;
        case 'c': v += 4; break;
        default: v = 100;
        case 'd':
            v += 7;
            if (v > 100)
                break;
            else {
                v--;
                break;
            }
        case 'e': continue;
        }
        a[i] = v;
    }
}

static int operation(int code, int x, int y) {
    switch (code) {
    case 0: return x + y;
    case 1: return x - y;
    case 2: return x * y;
    default: return 0;
    }
}
void operations(int n, int *r, const int *code, const int *x, const int *y) {
    for (int i = 0; i < n; i++) r[i] = operation(code[i] & 3, x[i], y[i]);
}

// Loops in cases, of which one goes on into another.
double fill(int mode, int n, double *a, const double *b) {
    double s = 0;
    switch (mode) {
    case 1:
        for (int i = 0; i < n; i++) a[i] = b[i] * 2;
        break;
    case 2:
        for (int i = 0; i < n; i++) s += b[i] * b[i];
    default:
        for (int i = 0; i < n; i++) a[i] = s;
    }
    return s;
}

// Structures as values.
struct vector {
    float x, y, z;
};
struct ray {
    struct vector from, along;
};
static struct vector sum(struct vector a, struct vector b) {
    return (struct vector){a.x + b.x, a.y + b.y, a.z + b.z};
}
static struct vector scaled(struct vector a, float by) {
    return (struct vector){.x = a.x * by, .y = a.y * by, .z = a.z * by};
}
void shade(int n, float *light, const struct ray *rays, struct vector lamp) {
    for (int i = 0; i < n; i++) {
        struct ray own = rays[i];
        struct vector at = sum(own.from, scaled(own.along, 2));
        struct ray to = {at, sum(lamp, scaled(at, -1))};
        light[i] = to.along.x * at.x + to.along.y * at.y + to.along.z * at.z;
    }
}

// Stays: a way out in the middle of a case.
void half(int n, int *a) {
    for (int i = 0; i < n; i++) switch (a[i]) {
        case 1:
            if (i > 3) break;
            a[i] = 7;
        }
}
