// mupac: --cpu-threshold 0
// Where the least element is says what the loops behind do, which are no part of the region that looks for it.
void push(int n, int rounds, double *a, double *o, int *w) {
    for (int r = 0; r < rounds; r++) {
        double least = a[0];
        int at = 0;
        for (int j = 1; j < n; j++)
            if (a[j] < least) {
                least = a[j];
                at = j;
            }
        for (int j = 0; j < n; j++) o[j] += least * j;
        for (int j = 0; j < n; j++) w[j] += at;
        for (int j = 0; j < at; j++) o[j] -= 1;
        a[at] += 10;
    }
}

void add_nearest(int n, int k, double x[][3], double centres[][3], double sum[][3]) {
    for (int i = 0; i < n; i++) {
        int nearest = 0;
        double least = 1e300;
        for (int c = 0; c < k; c++) {
            double distance = 0;
            for (int d = 0; d < 3; d++) distance += (x[i][d] - centres[c][d]) * (x[i][d] - centres[c][d]);
            if (distance < least) {
                least = distance;
                nearest = c;
            }
        }
        for (int d = 0; d < 3; d++) sum[nearest][d] += x[i][d];
    }
}
