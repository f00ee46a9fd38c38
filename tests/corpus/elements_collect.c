// mupac: --cpu-threshold 0
// Points go to the nearest of a few centres and add to its sums: the sums collect what is theirs.
#define DIMENSIONS 3

typedef struct {
    double x, y;
    int cluster;
} Point;

typedef struct {
    double x, y, sum_x, sum_y;
    int size;
} Centre;

// Flat arrays; the number is kept before the sums.
void assign_flat(int n, int k, int dimensions, const double *x, const double *centres, int *label, double *sum, int *size) {
    for (int i = 0; i < n; i++) {
        int nearest = 0;
        double least = 1e300;
        for (int c = 0; c < k; c++) {
            double distance = 0;
            for (int d = 0; d < dimensions; d++) {
                double apart = x[i * dimensions + d] - centres[c * dimensions + d];
                distance += apart * apart;
            }
            if (distance < least) {
                least = distance;
                nearest = c;
            }
        }
        label[i] = nearest;
        size[nearest]++;
        for (int d = 0; d < dimensions; d++) sum[nearest * dimensions + d] += x[i * dimensions + d];
    }
}

// Structures of which one keeps the number where it is another one; the centres hold their sums.
int assign_points(Point *points, int n, Centre *centres, int k) {
    int moved = 0;
    for (int i = 0; i < n; i++) {
        int nearest = 0;
        double least = 1e300;
        for (int c = 0; c < k; c++) {
            double x = points[i].x - centres[c].x, y = points[i].y - centres[c].y;
            double distance = x * x + y * y;
            if (distance < least) {
                least = distance;
                nearest = c;
            }
        }
        if (points[i].cluster != nearest) {
            points[i].cluster = nearest;
            moved++;
        }
        centres[nearest].sum_x += points[i].x;
        centres[nearest].sum_y += points[i].y;
        centres[nearest].size++;
    }
    return moved;
}

static double squared(const double *a, const double *b) {
    double sum = 0;
    for (int d = 0; d < DIMENSIONS; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

// The first centre is the nearest until another one is, and the number is kept last.
void assign_rows(int n, int k, double x[][DIMENSIONS], double centres[][DIMENSIONS], double sum[][DIMENSIONS], int *label) {
    for (int i = 0; i < n; i++) {
        int nearest = 0;
        double least = squared(x[i], centres[0]);
        for (int c = 1; c < k; c++) {
            double distance = squared(x[i], centres[c]);
            if (distance < least) {
                least = distance;
                nearest = c;
            }
        }
        for (int d = 0; d < DIMENSIONS; d++) sum[nearest][d] += x[i][d];
        label[i] = nearest;
    }
}

// No bin may be the right one.
void weigh(int n, const double *value, const double *weight, int bins, const double *edge, double *sum, int *bin) {
    for (int i = 0; i < n; i++) {
        int found = -1;
        for (int b = 0; b < bins; b++)
            if (value[i] >= edge[b]) found = b;
        bin[i] = found;
        if (found >= 0) sum[found] += weight[i];
    }
}
