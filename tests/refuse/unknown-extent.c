void sample(int n, float *a, const float *b, const float *x, float scale) {
    for (int i = 0; i < n; i++) //~ unknown-extent: how far it reaches into b is not known in advance
        a[i] = b[(int)(x[i] * scale + 0.5f)];
}

struct flexible { int n; int items[]; };
struct hack { int n; int items[1]; };
struct nested { char kind; struct hack last; };

void flexible_member(struct flexible *all, int n) {
    for (int i = 0; i < n; i++) //~ unknown-extent: how far it reaches into items is not known in advance
        all->items[i] = i;
}

void array_of_one(struct hack *all, int n) {
    for (int i = 0; i < n; i++) //~ unknown-extent: how far it reaches into items is not known in advance
        all->items[i] = i;
}

int array_of_one_inside(const struct nested *all, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) //~ unknown-extent: how far it reaches into items is not known in advance
        sum += all->last.items[i];
    return sum;
}
