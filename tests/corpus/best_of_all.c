// mupac: --cpu-threshold 0
/* Searches for a greatest value that remember something else of it than where it is. */

/* The number that occurs most often. */
int mode(const int *a, int n) {
    int most = 0, best = a[0];
    for (int i = 0; i < n; i++) {
        int count = 0;
        for (int j = 0; j < n; j++)
            if (a[j] == a[i]) count++;
        if (count > most) {
            most = count;
            best = a[i];
        }
    }
    return best;
}

int chosen(const float *v, int n) {
    int best = 0;
    for (int i = 1; i < n; i++) best = v[i] > v[best] ? i : best;
    return best;
}

int twice_and_one(const int *a, int n, int *also) {
    int best = 0, value = 0;
    for (int i = 0; i < n; i++)
        if (a[i] > best) {
            best = a[i];
            value = a[i] * 2 + 1;
        }
    *also = value;
    return best;
}

int in_memory(int a[90][201], int *row, int *column) {
    int best = 0;
    for (int i = 0; i < 90; i++)
        for (int j = 0; j < 201; j++)
            if (a[i][j] > best) {
                best = a[i][j];
                *row = i;
                *column = j;
            }
    return best;
}

/* Where the best is goes to memory that may be what is remembered. */
int name_and_row(const int *a, const int *names, int n, int *row) {
    int best = 0, name = -1;
    for (int i = 0; i < n; i++)
        if (a[i] > best) {
            best = a[i];
            name = names[i];
            *row = i;
        }
    return name;
}

/* A loop behind changes what is remembered: it is a region of its own. */
int name_of_best(const int *a, int *names, int n) {
    int best = 0, name = -1;
    for (int i = 0; i < n; i++)
        if (a[i] > best) {
            best = a[i];
            name = names[i];
        }
    for (int i = 0; i < n; i++) names[i] = -names[i];
    return name;
}

/* The variable first. */
int index_of_least(const int *a, int n) {
    int b = 0;
    for (int i = 1; i < n; i++) b = a[i] >= a[b] ? b : i;
    return b;
}
int last_greatest(const double *a, int n) {
    int b = 0;
    for (int i = 1; i < n; i++) b = a[i] < a[b] ? b : i;
    return b;
}
