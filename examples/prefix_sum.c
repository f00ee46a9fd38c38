/* Running sums: every element is the one before it and one more, so blocks add up first, then each thread is told what comes
   before it. */
#include <stdio.h>

static void prefix_sum(int n, const int *x, int *sum) {
    sum[0] = x[0];
    for (int i = 1; i < n; i++)
        sum[i] = sum[i - 1] + x[i];
}

int main(void) {
    int x[1000], sum[1000];
    for (int i = 0; i < 1000; i++)
        x[i] = i * i % 7 - 3;
    prefix_sum(1000, x, sum);
    printf("%d %d %d\n", sum[0], sum[499], sum[999]);
    return 0;
}
