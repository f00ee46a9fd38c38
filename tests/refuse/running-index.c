/* How far an index has come depends on data: packing is no closed form. */
int pack(int n, float *a, const float *b) {
    int k = 0;
    for (int i = 0; i < n; i++) { //~ non-affine-subscript: a subscript of a is not a sum of variables times constants
        if (b[i] > 0)
            a[k++] = b[i];
    }
    return k;
}

/* A `short` wraps where the program converts it back, so it is not what has been added. */
short narrow(int n, int *a) {
    short k = 32000;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads k, which i = 0 wrote
        a[i] = k;
        k++;
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
