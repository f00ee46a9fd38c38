/* Elements of another type than a pointer points to: the host makes one pointer of it before the loop. */
// mupac: --cpu-threshold 0
struct buffer { void *data; int n; };
typedef struct { float x, y; } point;
void scale(struct buffer *b, float s) {
    for (int i = 0; i < b->n; i++) ((float *)b->data)[i] *= s;
}
void smooth(const struct buffer *from, struct buffer *to) {
    for (int i = 1; i < from->n - 1; i++)
        ((float *)to->data)[i] = ((const float *)from->data)[i - 1] + ((const float *)from->data)[i + 1];
}
void rows(const void *in, void *out, int n, int m) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            ((double *)out)[i * m + j] = ((const int *)in)[j] + ((double *)out)[i * m + j];
}
void points(struct buffer b, const char *flags) {
    for (int i = 0; i < b.n; i++)
        if (flags[i]) {
            point *p = &((point *)b.data)[i];
            p->x += p->y;
            ((point *)b.data)[i].y = 0;
        }
}
/* The pointer changes on the way. */
void moving(struct buffer *b, int n) {
    for (int i = 0; i < n; i++) {
        ((float *)b->data)[0] = i;
        b->data = (float *)b->data + 1;
    }
}
