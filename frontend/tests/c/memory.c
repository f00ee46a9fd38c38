// Pointers, arrays, structures: places and addresses.
typedef struct { double x, y[3]; struct { int hidden; }; } body;
struct node { int value; struct node *next; unsigned flag : 1; };
static double table[4][5];
double total;
const float weights[3] = {1, 2, 3};
double memory(int n, double *p, body *b, struct node *list, double grid[4][5][6], int (*rows)[7], body one) {
    double local[10], *q = p + 2, sum = 0;
    body copy = one;
    struct node *at = list;
    p[1] = *p + *(p + n) + 3[p] + (p + n)[2] + *(q - 1);
    grid[1][2][3] = *grid[0][1] + (*grid)[1][2];
    rows[n][2] = (*rows)[1];
    b->y[1] = b[2].x + (*b).x + one.y[n];
    at->next->value = at->value;
    table[n][1] = total + weights[2];
    q = &p[3];
    q = &table[0][0];
    q[7] = 1;
    (&table[0][0])[n] = 2;
    *&sum = 3;
    copy = *b;
    b->hidden = 1;
    at->flag = 1;
    local[q - p] = p != q;
    at = at->next ? at->next : list;
    return sum + local[0];
}
