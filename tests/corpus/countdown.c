/* Counts down by two. */
void clear(int n, int *a) {
    for (int i = n - 1; i >= 0; i -= 2)
        a[i] = 0;
}
