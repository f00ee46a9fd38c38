#include <stdio.h>
#include <stdlib.h>
#define N (1 << 16)

void bubble(int *a, int n) {
    for (int i = 0; i < n - 1; i++)
        for (int j = 0; j < n - i - 1; j++)
            if (a[j] > a[j + 1]) { int t = a[j]; a[j] = a[j + 1]; a[j + 1] = t; }
}

void odd_even(int *a, int n) {
    for (int phase = 0; phase < n; phase++)
        for (int i = phase % 2; i + 1 < n; i += 2)
            if (a[i] > a[i + 1]) { int t = a[i]; a[i] = a[i + 1]; a[i + 1] = t; }
}

void bitonic(int *a, int n) {
    for (int k = 2; k <= n; k *= 2)
        for (int j = k / 2; j > 0; j /= 2)
            for (int i = 0; i < n; i++) {
                int l = i ^ j;
                if (l > i)
                    if (((i & k) == 0 && a[i] > a[l]) || ((i & k) != 0 && a[i] < a[l])) {
                        int t = a[i]; a[i] = a[l]; a[l] = t;
                    }
            }
}

void rank_sort(const int *a, int *out, int n) {
    for (int i = 0; i < n; i++) {
        int rank = 0;
        for (int j = 0; j < n; j++)
            if (a[j] < a[i] || (a[j] == a[i] && j < i)) rank++;
        out[rank] = a[i];
    }
}

int main(void) {
    int *a = malloc(N * sizeof(int)), *b = malloc(N * sizeof(int));
    srand(3);
    for (int i = 0; i < N; i++) a[i] = rand() % 100000;
    bitonic(a, N);
    rank_sort(a, b, 20000);
    for (int i = 0; i < 1000; i++) a[i] = rand() % 1000;
    bubble(a, 1000);
    for (int i = 0; i < 2000; i++) a[i] = rand() % 1000;
    odd_even(a, 2000);
    long s = 0;
    for (int i = 0; i < N; i++) s += (long)a[i] * (i % 10) + b[i % 20000];
    printf("%ld\n", s);
    return 0;
}
