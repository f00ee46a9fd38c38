// Elements that other elements of the same block choose, and a pointer that only ever leads to where a block begins: what the
// check makes up has nothing before that.
#include <stdio.h>
#include <stdlib.h>
#define N 1000

struct agent {
    unsigned char state, days;
    int other;
};

static struct agent *all;
static unsigned char next[N];

static void day(void)
{
    for (int i = 0; i < N; i++)
        next[i] = all[i].state == 0 && all[all[i].other].state == 2 ? 2 : all[i].state;
    for (int i = 0; i < N; i++) {
        if (next[i] != all[i].state) {
            all[i].state = next[i];
            all[i].days = 0;
        } else if (all[i].days < 255) {
            all[i].days++;
        }
    }
}

int main(void)
{
    all = calloc(N, sizeof *all);
    for (int i = 0; i < N; i++) {
        all[i].state = i % 3;
        all[i].other = (i * 7 + 13) % N;
    }
    day();
    int sum = 0;
    for (int i = 0; i < N; i++)
        sum += all[i].state * (i % 10);
    printf("%d\n", sum);
    free(all);
    return 0;
}
