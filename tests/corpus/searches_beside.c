// mupac: --cpu-threshold 0
// Loops that look for the place of a greatest or least value and do something else beside.
int f(const double *a, int n, double *power) {   /* sum beside argmax with value */
    int best = 0;
    double top = 0, p = 0;
    for (int i = 0; i < n; i++) {
        p += a[i];
        if (a[i] > top) { top = a[i]; best = i; }
    }
    *power = p;
    return best;
}
int g(const double *a, int n, double *power) {   /* sum beside a[best] */
    int best = 0;
    double p = 0;
    for (int i = 0; i < n; i++) {
        p += a[i];
        if (a[i] > a[best]) best = i;
    }
    *power = p;
    return best;
}
int h(const double *a, int n, double *power) {   /* computed value */
    int best = 0;
    double top = 0, p = 0;
    for (int i = 0; i < n; i++) {
        double m = a[i] * a[i];
        p += m;
        if (m > top) { top = m; best = i; }
    }
    *power = p;
    return best;
}
double two(const double *a, int n) {   /* max and its index, and min */
    int best = 0, worst = 0;
    for (int i = 1; i < n; i++) {
        if (a[i] > a[best]) best = i;
        if (a[i] < a[worst]) worst = i;
    }
    return a[best] - a[worst];
}

// Two values from one loop, of what a function of the iteration says, with the nearest of them.
int nearest(const float *x, const float *y, int n, float px, float py, float *mean) {
    int at = -1;
    float least = 1e30f, sum = 0;
    for (int i = 0; i < n; i++) {
        float dx = x[i] - px, dy = y[i] - py;
        float d = dx * dx + dy * dy;
        sum += d;
        if (d < least) {
            least = d;
            at = i;
        }
    }
    *mean = n > 0 ? sum / n : 0;
    return at;
}

// What is added up depends on what was found so far: iterations keep their order.
double records(const double *a, int n) {
    int best = 0;
    double top = 0, all = 0;
    for (int i = 0; i < n; i++) {
        if (a[i] > top) {
            top = a[i];
            best = i;
        }
        all += a[i] - a[best];
    }
    return all;
}
