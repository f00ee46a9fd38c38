/* The last condition keeps a least or greatest value, those before it say which iterations count. */
int first(int n, int key, const int *a) {
    int end = n;
    for (int i = 0; i < n; i++)
        if (a[i] == key && i < end)
            end = i;
    return end;
}

double closest(int n, double low, double high, const double *a) {
    double best = high;
    for (int i = 0; i < n; i++)
        if (a[i] != 0 && a[i] >= low && a[i] < best)
            best = a[i];
    return best;
}

/* What the last one reads is there only where the others hold. */
int greatest(int n, int m, const int *at, const int *a) {
    int most = -1;
    for (int i = 0; i < n; i++)
        if (at[i] >= 0 && at[i] < m && a[at[i]] > most)
            most = a[at[i]];
    return most;
}

/* Every row for itself, and both kinds in one loop. */
void rows(int n, int m, const float *restrict a, float *restrict least, float *restrict most) {
    for (int i = 0; i < n; i++) {
        float low = 1e30f, high = 0;
        for (int j = 0; j < m; j++) {
            if (j != i && a[i * m + j] < low)
                low = a[i * m + j];
            if (a[i * m + j] < 100 && high < a[i * m + j])
                high = a[i * m + j];
        }
        least[i] = low;
        most[i] = high;
    }
}
