static double kept[4];
double visible, table[4];

double seen_elsewhere(void) { return kept[1]; }

/* Every iteration writes them first: the arrays could be its own. */
void arrays(int n, const double *restrict r, double *restrict f) {
    for (int i = 0; i < n; i++) { //~ shared-temporary
        for (int k = 0; k < 4; k++) //~ too-small
            kept[k] = table[k] = r[i] * k;
        f[i] = kept[1] + table[3];
    }
}

/* A value of an earlier iteration is needed, or only the last one counts. */
void needed(int n, const double *restrict r, double *restrict f) {
    for (int i = 0; i < n; i++) { //~ carried-dependence
        f[i] += visible;
        visible = r[i];
    }
}

void last(int n, const double *restrict r) {
    for (int i = 0; i < n; i++) //~ carried-dependence
        if (r[i] > 1)
            visible = r[i];
}
