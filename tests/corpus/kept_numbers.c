// mupac: --cpu-threshold 0
/* Counters, sums so far and states that lie in the file, behind a pointer or in a structure: the loops' own, as if they had been
 * read into a variable before and put back behind. */

typedef struct {
    int size;
    double *at;
    double sum;
} list;

static int kept;
static unsigned long state = 1;

void positive(const int *a, int *out, int n) {
    for (int i = 0; i < n; i++)
        if (a[i] > 0) out[kept++] = a[i];
}

void below(const int *a, int *out, int n, int *count) {
    for (int i = 0; i < n; i++)
        if (a[i] < 0) out[(*count)++] = i;
}

void so_far(const int *a, long *out, int n, int *sum) {
    for (int i = 0; i < n; i++) {
        *sum += a[i] & 15;
        out[i] = *sum;
    }
}

static void push(list *l, double value) { l->at[l->size++] = value; }

void push_all(const double *a, int n, list *l) {
    for (int i = 0; i < n; i++)
        if (a[i] > 0.5) push(l, a[i]);
}

/* The sum is the structure's, too. */
void push_and_add(const double *a, int n, list *l) {
    for (int i = 0; i < n; i++)
        if (a[i] > 0.5) {
            l->at[l->size++] = a[i];
            l->sum += a[i];
        }
}

int in_a_structure(const double *a, double *out, int n) {
    list l = {0, out, 0};
    for (int i = 0; i < n; i++)
        if (a[i] > 0.5) l.at[l.size++] = a[i];
    return l.size;
}

void numbers(float *a, int n) {
    for (int i = 0; i < n; i++) {
        state += 0x9e3779b97f4a7c15ul;
        a[i] = (state ^ state >> 31) >> 40;
    }
}

void numbers_of(float *a, int n, int m, unsigned long *state) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            *state += 0x9e3779b97f4a7c15ul;
            a[i * m + j] = *state >> 40;
        }
}

/* What counts may be what says how often: no guard tells. */
void until(const int *a, int *out, int *n, int *count) {
    for (int i = 0; i < *n; i++) {
        *count += a[i];
        out[i] = *count;
    }
}

/* Two counters may be one, which a guard asks. */
void apart(const int *a, int *odd, int *even, int n, int *odds, int *evens) {
    for (int i = 0; i < n; i++)
        if (a[i] & 1)
            odd[(*odds)++] = a[i];
        else
            even[(*evens)++] = a[i];
}
