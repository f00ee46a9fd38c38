/* Set to one of two values, or to one that iterations change, or read where it is set. */
int two(int n, const int *a) {
    int state = 0;
    for (int i = 0; i < n; i++) { //~ carried-dependence
        if (a[i] < 0)
            state = 1;
        if (a[i] > 9)
            state = 2;
    }
    return state;
}

int latest(int n, const int *a, int *b) {
    int state = 0, value = 0;
    for (int i = 0; i < n; i++) { //~ carried-dependence
        value = a[i];
        if (value > 9)
            state = value;
        b[i] = value;
    }
    return state;
}

void seen(int n, const int *restrict a, int *restrict b) {
    int state = 0;
    for (int i = 0; i < n; i++) { //~ carried-dependence
        if (a[i] > 9)
            state = 1;
        b[i] = state;
    }
}

/* What is read as well. */
void looked_at(int n, const int *restrict a, int *restrict b, int *found) {
    for (int i = 0; i < n; i++) { //~ carried-dependence
        if (a[i] > 9)
            *found = 1;
        b[i] = *found;
    }
}
