/* What is packed is read where others write it. */
int pack(int n, float *a) {
    int k = 0;
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of a is not a sum of variables times constants
        if (a[i] > 0)
            a[k++] = a[i];
    }
    return k;
}

/* Whether there is room decides how far the index comes. */
int bounded(int n, int room, float *a, const float *b) {
    int k = 0;
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of a is not a sum of variables times constants
        if (b[i] > 0 && k < room)
            a[k++] = b[i];
    }
    return k;
}

/* Each iteration adds another amount: a square, not a sum of variables times constants. */
void triangle(int n, float *a, const float *b) {
    int k = 0;
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of a is not a sum of variables times constants
        a[k] = b[i];
        k += i;
    }
}
