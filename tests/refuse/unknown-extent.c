void sample(int n, float *a, const float *b, const float *x, float scale) {
    for (int i = 0; i < n; i++)
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

struct wheel { int turned[4096]; int teeth[16]; };

void by_a_rounding(struct wheel *w, const float *by, int n, float scale) {
    for (int i = 0; i < n; i++) //~ not-tested: its kernel could not be tested: it was launched in no test (by_a_rounding: struct wheel has the field teeth: a structure of too many fields; by_a_rounding:30 by itself: struct wheel has the field teeth: a structure of too many fields)
        w->turned[i] = w->teeth[(int)(by[i] * scale + 0.5f)];
}

static float field[40][8];

void rows_as_one(void) {
    for (int i = 0; i < 320; i++) //~ unknown-extent: how far it reaches into field is not known in advance
        field[0][i] += 1;
}
