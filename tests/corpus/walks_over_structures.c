// mupac: --cpu-threshold 0
// Pointers that walk over structures and give members of them to functions; counters of the iteration before.
#include <stdio.h>

typedef struct {
    float x, y, z;
} vec3;

typedef struct {
    vec3 at, speed, force;
    float inverse_mass;
} node;

typedef struct {
    unsigned char r, g, b, a;
} pixel;

typedef struct {
    pixel *data;
    int width, height;
} bitmap;

static node nodes[300];
static unsigned char table[256];

static void add_scaled(vec3 *to, float by, const vec3 *of) {
    to->x += by * of->x;
    to->y += by * of->y;
    to->z += by * of->z;
}
static float length2(const vec3 *v) { return v->x * v->x + v->y * v->y + v->z * v->z; }

/* Each iteration gives members of its own structure. */
void move(float dt) {
    for (node *n = nodes; n < nodes + 300; n++) {
        if (n->inverse_mass == 0) continue;
        add_scaled(&n->speed, dt * n->inverse_mass, &n->force);
        n->speed.x *= 0.9f;
        add_scaled(&n->at, dt, &n->speed);
    }
}
void lengths(node *first, int count, float *out) {
    for (node *n = first; n < first + count; n++) out[n - first] = length2(&n->speed);
}
int fast(node *first, int count) {
    int found = 0;
    for (node *n = first; n < first + count; n++) found += length2(&n->speed) > 2.0f;
    return found;
}

/* From a member of a structure to a pointer beside it. */
void through(bitmap image, int n) {
    pixel *end = image.data + n;
    for (pixel *p = image.data; p != end; p++) {
        p->r = table[p->r];
        p->g = table[p->g];
    }
}

/* The vertex before: the last one, for the first. */
double area(const float *x, const float *y, int n) {
    double sum = 0;
    for (int i = 0, j = n - 1; i < n; j = i++) sum += (double)x[j] * y[i] - (double)x[i] * y[j];
    return sum / 2;
}
void edges(float *out, const float *x, int n) {
    for (int i = 0, j = n - 1; i < n; j = i, i += 2) out[i] = x[i] - x[j];
}
void backwards(float *out, const float *x, int n) {
    for (int i = n - 1, j = 0; i >= 0; j = i--) out[i] = x[i] - x[j];
}

/* What an iteration skips it does not leave to the next one. */
int skipped(const int *x, int n) {
    int sum = 0;
    for (int i = 0, j = n - 1; i < n; i++) {
        if (x[i] < 0) continue;
        sum += x[i] * x[j];
        j = i;
    }
    return sum;
}

int main(void) {
    static pixel pixels[200];
    static float x[200], y[200], out[300];
    static int numbers[200];
    for (int i = 0; i < 300; i++) {
        nodes[i].at = (vec3){i * 0.5f, 1, 2};
        nodes[i].force = (vec3){i % 7, i % 5, 1};
        nodes[i].inverse_mass = i % 10 ? 0.5f : 0;
    }
    for (int i = 0; i < 256; i++) table[i] = (unsigned char)(255 - i);
    for (int i = 0; i < 200; i++) {
        pixels[i] = (pixel){(unsigned char)i, (unsigned char)(2 * i), 3, 4};
        x[i] = (float)(i * 31 % 50);
        y[i] = (float)(i * 17 % 40);
        numbers[i] = i % 4 - 1;
    }
    move(0.25f);
    lengths(nodes, 300, out);
    through((bitmap){pixels, 20, 10}, 200);
    printf("%d %g %g %d %d\n", fast(nodes, 300), nodes[77].at.y, out[33], pixels[9].r, pixels[9].g);
    printf("%g %d\n", area(x, y, 200), skipped(numbers, 200));
    edges(out, x, 200);
    printf("%g %g\n", out[0], out[2]);
    backwards(out, x, 200);
    printf("%g %g\n", out[199], out[4]);
    return 0;
}
