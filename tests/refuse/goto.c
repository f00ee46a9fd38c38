/* A search that ends at the first place has an order; so has a jump from one loop to the end of another. */
int search(int n, int m, const int *a, int key) {
    int found = 0;
    for (int i = 0; i < n; i++) //~ unsupported: goto is not supported
        for (int j = 0; j < m; j++) //~ unsupported: goto is not supported
            if (a[i * m + j] == key) {
                found = 1;
                goto out;
            }
out:
    return found;
}

/* A jump to the end of the body from outside of it is none that continues. */
int into(int n, int *a, int at) {
    int i = 0;
    if (at)
        goto next;
    for (i = 0; i < n; i++) { //~ unsupported: goto is not supported
        if (a[i] < 0)
            goto next;
        a[i]++;
    next:;
    }
    return i;
}

/* The label of a block with a value hides the one of the loop. */
void hidden(int n, int *a, const int *b) {
    for (int i = 0; i < n; i++) { //~ unsupported: a block with a value that does more than name values is not supported
        a[i] = ({
            __label__ next;
            int t = b[i];
            if (t > 3)
                goto next;
            t *= 2;
        next:
            t;
        });
        a[i] += 1;
    next:;
    }
}
