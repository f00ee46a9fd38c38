// mupac: --cpu-threshold 0
// Variables that iterations only set, to one value: whether any did is a reduction.
#include <stdbool.h>

static int moved;

int relax(int n, double *restrict a, const double *restrict b, double limit) {
    int changed = 0;
    for (int i = 0; i < n; i++)
        if (b[i] < a[i] - limit) {
            a[i] = b[i];
            changed = 1;
        }
    return changed;
}

bool is_symmetric(int n, int a[n][n]) {
    bool is_same = true;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            if (a[i][j] != a[j][i]) is_same = false;
    return is_same;
}

// The value is one of the region's inputs; of two flags each has its own.
int codes(int n, const int *restrict a, int *restrict out, int low, int high) {
    int state = -1, seen = 0;
    moved = 0;
    for (int i = 0; i < n; i++) {
        out[i] = a[i] * 2;
        if (a[i] < low) state = high - low;
        if (a[i] > high) seen = 7;
        if (out[i] > high) moved = 1;
    }
    return state + seen + moved;
}

// Until nothing changes: the flag is set anew before each sweep.
int sweeps(int n, int *restrict a, const int *restrict b) {
    int count = 0, changed = 1;
    while (changed && count < 50) {
        changed = 0;
        for (int i = 0; i < n; i++)
            if (a[i] < b[i]) {
                a[i] += 1;
                changed = 1;
            }
        count++;
    }
    return count;
}

// Behind a pointer each store is one action of its own.
void mark(int n, const int *restrict a, int *found) {
    for (int i = 0; i < n; i++)
        if (a[i] == 3) *found = 1;
}

// Truth values that statements join to.
bool any_negative(int n, const int *a) {
    bool found = false;
    for (int i = 0; i < n; i++) found |= a[i] < 0;
    return found;
}

bool all_below(int n, const int *a, const int *b) {
    bool are_below = true, is_any_bit = false;
    for (int i = 0; i < n; i++) {
        are_below &= a[i] < b[i];
        is_any_bit |= a[i] & 6;
    }
    return are_below && is_any_bit;
}

// 2 is true, but 1 & 2 is 0.
bool all_odd(int n, const int *a) {
    bool are_odd = true;
    for (int i = 0; i < n; i++) are_odd &= a[i];
    return are_odd;
}
