// Pointers, arrays and structures name the objects that C says.
#define ROWS 3
#define LAST (ROWS - 1)
typedef struct { double x; int y[3]; } item;
struct node { int value; struct node *next; };
static int rowsum(int n, int m, int a[n][m], int row) {
    int sum = 0;
    n = 0;
    m = m + 1;
    for (int j = 0; j < m - 1; j++) sum += a[row][j];
    return sum + n;
}
int check(void) {
    int grid[ROWS][4], i, j;
    item items[2] = {{1.5, {1, 2, 3}}, {2.5}}, copy, *at = items;
    struct node second = {2, 0}, first = {1, &second};
    int (*row)[4] = grid;
    for (i = 0; i < ROWS; i++)
        for (j = 0; j < 4; j++) grid[i][j] = 10 * i + j;
    if (*(*(grid + 1) + 2) != 12 || (*row)[3] != 3 || row[LAST][1] != 21) return 1;
    if (1[grid][1] != 11 || *grid[2] != 20) return 2;
    int *p = &grid[1][0], *q = grid[0];
    if (p - q != 4 || p[1] != 11 || *(p - 1) != 3 || p <= q) return 3;
    p += 2;
    if (*p != 12 || *--p != 11 || p[-1] != 10) return 4;
    if (rowsum(ROWS, 4, grid, 1) != 46) return 5;
    copy = items[0];
    copy.y[1] = 7;
    if (items[0].y[1] != 2 || copy.y[1] != 7 || copy.y[2] != 3) return 6;
    at++;
    if (at->x != 2.5 || (*at).y[0] != 0 || at[-1].y[2] != 3) return 7;
    *at = copy;
    if (items[1].y[1] != 7) return 8;
    if (first.next->value != 2 || first.next->next) return 9;
    first.next->value += 5;
    if (second.value != 7) return 10;
    int n = 2;
    double wide[n][3];
    n = 9;
    for (i = 0; i < 2; i++)
        for (j = 0; j < 3; j++) wide[i][j] = i + j;
    if (wide[1][2] != 3) return 11;
    *&i = 5;
    (&j)[0] = 6;
    if (i + j != 11) return 12;
    at = &items[0];
    double *x = &at->x;
    *x = 4;
    if (items->x != 4) return 13;
    const char *text = "abc" "\x41";
    if (text[1] != 'b' || text[3] != 'A' || text[4] != 0) return 14;
    const char *name = __func__;
    if (name[0] != 'c' || name[4] != 'k' || name[5] != 0) return 15;
    return 0;
}
