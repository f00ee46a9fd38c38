int search(int n, int m, const int *a, int key) {
    int found = 0;
    for (int i = 0; i < n; i++) //~ unsupported: goto is not supported
        //? let the loops go on and note what they find
        for (int j = 0; j < m; j++)
            if (a[i * m + j] == key) {
                found = 1;
                goto out;
            }
out:
    return found;
}
//// as the hint says
int search(int n, int m, const int *a, int key) {
    int found = 0;
    for (int i = 0; i < n; i++) //~ kernel
        for (int j = 0; j < m; j++)
            if (a[i * m + j] == key)
                found = 1;
    return found;
}
