/* C fixes the size of a type of variable length where it is named, g++ where the name is first used. */
#include <stdio.h>

static int rows(int n) {
    typedef int row[n];
    n = 3;
    return sizeof(row) / sizeof(int);
}

static int planes(int n) {
    typedef int plane[n][n + 1], (*pointer)[n];
    n = 1;
    return sizeof(plane) / sizeof(int) * 100 + sizeof *(pointer)0 / sizeof(int);
}

static int late(int n, int is_named) {
    int sum = 0;
    for (int i = 1; i < n; i++) {
        typedef char word[i];
        int k = i;
        i += 1;
        if (is_named || i > 3) sum = sum * 10 + (int)sizeof(word);
        i = k;
    }
    return sum;
}

static int with_effects(int n) {
    typedef int row[n++];
    return n * 100 + (int)(sizeof(row) / sizeof(int));
}

int main(void) {
    printf("%d %d %d %d %d\n", rows(9), planes(4), late(6, 1), late(6, 0), with_effects(5));
}
