struct pair {
    double *a, *b;
};

void decides_again(int n, double *a, double *b) {
    int all = 1;
    for (int i = 0; i < n; i++) { //~ carried-dependence: i = 1 reads all, which i = 0 wrote
        double *row = all ? a : b;
        all = i % 3;
        row[i] = i;
    }
}

void is_moved(int n, int all, double *a, double *b) {
    for (int i = 0; i < n; i++) { //~ unsupported: the address of an object is not supported
        double *row = all ? a : b;
        a++;
        row[i] = i;
    }
}

void is_changed(int n, int all, struct pair *p, double *other) {
    for (int i = 0; i < n; i++) { //~ unsupported: using a pointer for anything but what it leads to is not supported
        double *row = all ? p->a : p->b;
        p->a = other;
        row[i] = i;
    }
}

double *is_read_after(int n, int all, double *a, double *b) {
    double *row;
    for (int i = 0; i < n; i++) { //~ unsupported: using a pointer for anything but what it leads to is not supported
        row = all ? a : b;
        row[i] = i;
    }
    return row;
}

void meets(int n, double *a, double *b) {
    for (int i = 1; i < n; i++) { //~ carried-dependence: i = 2 reads a[1], which i = 1 wrote
        double *row = i % 3 ? a : b;
        row[i] = row[i - 1] + 1;
    }
}

void comes_late(int n, int all, double *a, double *b) {
    double *row = a;
    for (int i = 0; i < n; i++) { //~ unsupported: using a pointer for anything but what it leads to is not supported
        row[i] = 1;
        row = i < all ? a : b;
    }
}
