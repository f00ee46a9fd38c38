/* Rows behind pointers in structures: a pointer to an element, and neighbours in rows that small loops choose. */
// mupac: --cpu-threshold 0
typedef struct { unsigned char r, g, b; } pixel;
typedef struct { int w, h; pixel **px; } picture;
typedef struct { int w, h; double **v; } grid;
void fade(picture *p, int by) {
    for (int y = 0; y < p->h; y++)
        for (int x = 0; x < p->w; x++) {
            pixel *c = &p->px[y][x];
            c->r /= by;
            if (c->g > c->b) c->g -= c->b;
        }
}
void back(const grid *a, grid *b) {
    for (int y = 3; y < a->h; y++)
        for (int x = 0; x < a->w; x++) {
            double s = 0;
            for (int j = 0; j < 3; j++) s += a->v[y - j][x] - a->v[y - 3 + j][x];
            b->v[y][x] = s;
        }
}
void pairs(grid *a) {
    for (int y = 0; y < a->h; y++)
        for (int x = 0; x + 1 < a->w; x += 2) {
            double *two = a->v[y] + x;
            double first = two[0];
            two[0] = two[1];
            two[1] = first;
        }
}
void upside_down(const grid *a, grid *b) {
    for (int y = 0; y < a->h; y++)
        for (int x = 0; x < a->w; x++) b->v[a->h - 1 - y][x] = a->v[y][x];
}
/* The name stands for another element before its last use. */
void ahead(grid *a) {
    for (int y = 0; y < a->h; y++) {
        int x = 0;
        while (x < a->w) {
            double *v = &a->v[y][x];
            x++;
            *v = x;
        }
    }
}
