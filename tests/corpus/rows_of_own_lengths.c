// mupac: --cpu-threshold 0
// Rows of which each is as long as its structure or a table says; the longest one says how far apart they have to lie.
typedef struct {
    int n;
    double *x, *y;
    double mean;
} list;

void means(list *s, int count) {
    for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int t = 0; t < s[i].n; t++) sum += s[i].x[t];
        s[i].mean = sum;
    }
}

void scaled(double **rows, const int *length, int count) {
    for (int i = 0; i < count; i++)
        for (int t = 0; t < length[i]; t++) rows[i][t] *= 1.5;
}

void backwards(list *s, int count) {
    for (int i = 0; i < count; i++) {
        double last = 0;
        for (int t = s[i].n - 1; t >= 0; t--) {
            last = 0.5 * last + s[i].x[t];
            s[i].y[t] = last;
        }
    }
}

// The corner behind the last one is the first one.
void areas(const list *p, int count, double *area) {
    for (int i = 0; i < count; i++) {
        double sum = 0;
        for (int j = 0; j < p[i].n; j++) {
            int k = (j + 1) % p[i].n;
            sum += p[i].x[j] * p[i].y[k] - p[i].x[k] * p[i].y[j];
        }
        area[i] = sum / 2;
    }
}
