#pragma once
static int fill(int n, int *a) {
    for (int i = 0; i < n; i++)
        a[i] = i;
}
