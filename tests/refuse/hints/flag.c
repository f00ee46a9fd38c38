int relabel(int n, int *restrict label, const int *restrict parent) {
    int changed = 0;
    for (int i = 0; i < n; i++) //~ carried-dependence: i = 1 overwrites changed, which i = 0 wrote
        //? if changed only says that something was there
        if (label[i] != parent[i]) {
            label[i] = parent[i];
            changed = 1;
        }
    return changed;
}
//// as the hint says
int relabel(int n, int *restrict label, const int *restrict parent) {
    int changed = 0;
    for (int i = 0; i < n; i++) //~ kernel
        if (label[i] != parent[i]) {
            label[i] = parent[i];
            changed |= 1;
        }
    return changed;
}
