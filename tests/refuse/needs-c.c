// The edits for C++ cannot move a declaration over a jump.
int skips(int n, float *x) { //~ needs-c:
    if (n < 0)
        goto out;
    int last = n - 1;
    for (int i = 0; i < last; i++)
        x[i] = 2.0f;
out:
    return n;
}
