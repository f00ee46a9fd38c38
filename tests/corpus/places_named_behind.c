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

// Between the search and the end of the region its least element changes, and what the place is computed of.
void changed_behind(int n, double *a, double *least, int *at) {
    double best = 50;
    int first = 7, second = 7, shift = 4, shifted = 7;
    for (int j = 0; j < n / 2; j++)
        if (a[j] < best) {
            best = a[j];
            first = j;
        }
    for (int j = 0; j < n; j++)
        if (a[j] + 7 < best) {
            best = a[j] + 7;
            second = j;
        }
    double low = 50;
    for (int j = 0; j < n; j++)
        if (a[j] < low) {
            low = a[j];
            shifted = j + shift;
        }
    for (int j = 0; j < n; j++) shift += a[j] > 0;
    at[0] = first;
    at[1] = second;
    at[2] = shifted;
    at[3] = shift;
    least[0] = best;
    least[1] = low;
}
