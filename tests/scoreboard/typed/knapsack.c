#include <stdio.h>
#include <stdlib.h>
#define max(a, b) ((a) > (b) ? (a) : (b))

int knapsack(int W, int wt[], int val[], int n) {
    int **K = malloc((n + 1) * sizeof(int *));
    for (int i = 0; i <= n; i++) K[i] = malloc((W + 1) * sizeof(int));
    for (int i = 0; i <= n; i++) {
        for (int w = 0; w <= W; w++) {
            if (i == 0 || w == 0)
                K[i][w] = 0;
            else if (wt[i - 1] <= w)
                K[i][w] = max(val[i - 1] + K[i - 1][w - wt[i - 1]], K[i - 1][w]);
            else
                K[i][w] = K[i - 1][w];
        }
    }
    int best = K[n][W];
    for (int i = 0; i <= n; i++) free(K[i]);
    free(K);
    return best;
}

int knapsack1d(int W, int wt[], int val[], int n) {
    int *dp = calloc(W + 1, sizeof(int));
    for (int i = 0; i < n; i++)
        for (int w = W; w >= wt[i]; w--)
            dp[w] = max(dp[w], dp[w - wt[i]] + val[i]);
    int best = dp[W];
    free(dp);
    return best;
}

int main(void) {
    int n = 200, W = 50000;
    int *wt = malloc(n * sizeof(int)), *val = malloc(n * sizeof(int));
    srand(1);
    for (int i = 0; i < n; i++) {
        wt[i] = rand() % 500 + 1;
        val[i] = rand() % 1000;
    }
    printf("%d %d\n", knapsack(W, wt, val, n), knapsack1d(W, wt, val, n));
    return 0;
}
