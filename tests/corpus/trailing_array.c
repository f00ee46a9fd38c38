/* Memory may go on behind an array that ends a structure: a guard keeps subscripts inside of the copy. */
struct table { int used; double rows[8][4]; };
struct pair { struct table left; int right[16]; };

void scale(struct table *t, int n, double by) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < 4; j++)
            t->rows[i][j] *= by;
}

/* In the middle of a structure, and in an array of structures, nothing goes on. */
void count(struct pair *p, struct table *all, int n) {
    for (int i = 0; i < n; i++) {
        p->left.rows[i][1] += p->right[0];
        all[i].used = i;
    }
}

int last(const struct pair *p, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++)
        sum += p->right[i];
    return sum;
}
