/* Rows that a loop fills only as far as a parameter says: what the rest of them holds goes to the device where there is a
   rest, since whole rows come back. */
#define COLUMNS 90

void rows(int n, double a[][COLUMNS]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            a[i][j] = i * j;
}

void pitched(int n, int m, int pitch, float *a) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++)
            a[i * pitch + j] = i + j;
}

/* What is filled first is read; the rest of what is read counts as well. */
void shorter(int n, int m, float *restrict a, float *restrict b) {
    for (int i = 0; i < m; i++)
        a[i] = 2.0f * b[i];
    for (int i = 0; i < n; i++)
        b[i] = a[i];
}

/* The last element of each row stays as it was. */
void short_rows(int n, double a[][COLUMNS]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < COLUMNS - 1; j++)
            a[i][j] = i - j;
}
