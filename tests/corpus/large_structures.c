// mupac: --cpu-threshold 0
// Structures of some hundred bytes are values, which kernels are passed.
typedef struct {
    int degree;
    double factor[32];
} Polynomial;

void evaluate(Polynomial p, const double *x, double *y, int n) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 31; k >= 0; k--) sum = sum * x[i] + p.factor[k];
        y[i] = sum;
    }
}

void between(double *y, int n) {
    Polynomial p = {1, {3, 4}};
    for (int i = 0; i < n; i++) y[i] = i * 0.5;
    for (int i = 0; i < n; i++) y[i] += p.factor[1];
    for (int i = 0; i < n; i++) y[i] *= p.degree;
}

// Two of a kilobyte and more are memory.
typedef struct {
    double factor[160];
} Long;

void longer(const Long *p, double *y, int n) {
    Long own = *p;
    for (int i = 0; i < n; i++) y[i] += own.factor[3];
}
