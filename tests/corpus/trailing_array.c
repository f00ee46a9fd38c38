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

/* What a type, a mask or a divisor bounds stays inside whatever the data: no guard. */
struct code { unsigned char text[32]; unsigned char table[8]; };
struct wheel { int turned[32]; int teeth[10]; };

void encode(struct code *c, int n) {
    for (int i = 0; i < n; i++)
        c->text[i] = c->table[c->text[i] >> 5] + c->table[c->text[i] & 7];
}

void turn(struct wheel *w, const unsigned *by, int n) {
    for (int i = 0; i < n; i++) {
        unsigned at = by[i] % 10;
        w->turned[i] += w->teeth[at];
    }
}
