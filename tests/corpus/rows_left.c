/* Subscripts that nothing but their callers keeps in their rows: compilers give them the element that lies there. */
struct cell { double mass[16], speed[16]; int count; };

static double field[40][8];
static int cube[4][6][10];

void all_from_the_first(int n) {
    for (int i = 0; i < n; i++)
        field[0][i] += 0.5 * i;
}

void one_plane(int n) {
    for (int i = 0; i < n; i++)
        cube[1][0][i] += 1;
}

void rows_of_flat_memory(int n, double (*row)[8], const double *from) {
    for (int i = 0; i < n; i++)
        row[0][i] = 2 * from[i];
}

void into_the_next_member(int n, struct cell *cell) {
    for (int i = 0; i < n; i++)
        cell->mass[i] *= 2;
}

void by_a_table(int n, int m, double (*a)[32], const int *column, const double *x) {
    for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++)
            a[j][column[i]] = x[i] + j;
}

/* What is only read is copied whole, so that any element of it is there. */
int looked_up(int n, int *found, const int *plane, const int *column) {
    for (int i = 0; i < n; i++)
        found[i] = cube[plane[i]][i % 6][column[i]];
    return n;
}

void moved(int n, int by, double a[][20]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 16; j++)
            a[i][j + by] = i - j;
}

struct wheel { int turned[4096]; int teeth[16]; };

void mask_one_too_large(struct wheel *w, const int *by, int n) {
    for (int i = 0; i < n; i++)
        w->turned[i] = w->teeth[(by[i] & 15) + 1];
}

void remainder_below_zero(struct wheel *w, const int *by, int n) {
    for (int i = 0; i < n; i++)
        w->turned[i] = w->teeth[by[i] % 16];
}
