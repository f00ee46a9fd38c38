// mupac: --cpu-threshold 0
/* Lists that hold their elements and their length in one structure. */
struct list {
    int at[2000];
    int size;
};

struct points {
    float x[1000], y[1000];
    int count;
};

static struct list found;

static void push(struct list *l, int value) { l->at[l->size++] = value; }

void positive(struct list *l, const int *a, int n) {
    l->size = 0;
    for (int i = 0; i < n; i++)
        if (a[i] > 0) l->at[l->size++] = a[i];
}

void append(struct list *l, const int *a, int n) {
    for (int i = 0; i < n; i++)
        if (a[i] > 0) push(l, a[i]);
}

void all(struct points *p, const float *a, int n) {
    for (int i = 0; i < n; i++) {
        p->x[p->count] = a[2 * i];
        p->y[p->count] = a[2 * i + 1];
        p->count++;
    }
}

void inside(struct points *p, const float *a, int n) {
    for (int i = 0; i < n; i++) {
        if (a[2 * i] * a[2 * i] + a[2 * i + 1] * a[2 * i + 1] < 1) {
            p->x[p->count] = a[2 * i];
            p->y[p->count] = a[2 * i + 1];
            p->count++;
        }
    }
}

void of_the_file(const int *a, int n) {
    for (int i = 0; i < n; i++)
        if (a[i] % 3 == 0) found.at[found.size++] = i;
}

int how_many(void) { return found.size; }

long sum(const struct list *l) {
    long s = 0;
    for (int i = 0; i < l->size; i++) s += l->at[i];
    return s;
}

/* What is packed is read again, and packed once more, before anybody looks. */
long twice(struct list *l, const int *a, int n) {
    l->size = 0;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < n; i++)
            if (a[i] > round) l->at[l->size++] = a[i];
        for (int i = 0; i < l->size; i++) l->at[i] += round;
    }
    return sum(l);
}

/* Two lists: a guard asks that they are not one. */
void split(struct list *small, struct list *large, const int *a, int n) {
    for (int i = 0; i < n; i++) {
        if (a[i] < 10)
            small->at[small->size++] = a[i];
        else
            large->at[large->size++] = a[i];
    }
}

void odd_and_even(int *odd, int *even, int *odds, int *evens, const int *a, int n) {
    for (int i = 0; i < n; i++) {
        if (a[i] & 1)
            odd[(*odds)++] = a[i];
        else
            even[(*evens)++] = a[i];
    }
}

/* The sum lies in the structure whose elements are written: its last value would go before the copy. */
struct record {
    double x[500], sum;
};

void noted(struct record *r, const double *a, int n) {
    for (int i = 0; i < n; i++) {
        r->x[i] = a[i];
        r->sum += a[i];
    }
}

void summed(struct record *r, int n) {
    for (int i = 0; i < n; i++) r->sum += r->x[i];
}

/* Iterations that keep an element write another member as well: the last one decides it. */
static struct {
    int at[2000], last;
} kept;

int keep(const int *a, int n) {
    int m = 0;
    for (int i = 0; i < n; i++)
        if (a[i] > 0) {
            kept.at[m++] = a[i];
            kept.last = i;
        }
    return m + kept.at[0] + kept.last;
}

void doubled(struct list *l) {
    for (int i = 0; i < l->size; i++) l->at[i] *= 2;
}

/* The counter numbers structures and elements of one: two iterations may mean the same element. */
void both_ways(struct list *l, const int *a, int n) {
    int m = 0;
    for (int i = 0; i < n; i++)
        if (a[i] > 0) {
            l[m].at[3] = i;
            l[0].at[m] = a[i];
            m++;
        }
}
