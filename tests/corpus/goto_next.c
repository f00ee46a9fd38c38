// A label at the end of a loop's body is where its `goto` goes on: `continue`, from branches and switches as well.
// mupac: --cpu-threshold 100
#include <stdio.h>

#define N 400

static int kind[N], out[N], twice[N][8];

// What several branches go on with runs where none of them continued.
static void classes(void) {
    for (int i = 0; i < N; i++) {
        int v = i;
        switch (kind[i]) {
        case 0: v += 5; break;
        case 1: continue;
        case 2:
            switch (out[i]) {
            case 1: continue;
            case 2: goto next;
            default: v = 7; break;
            }
            break;
        default:
            if (out[i] > 2)
                goto next;
            v *= 2;
        }
        out[i] = v;
    next:;
    }
}

static void tables(void) {
    int i, j;
    for (i = 0; i < N; i++) {
        if (kind[i] == 3)
            goto row;
        for (j = 0; j < 8; j++) {
            if (j == kind[i])
                goto skip;
            do {
                if (j == 7)
                    goto skip;
            } while (0);
            twice[i][j] = 2 * out[i] + j;
        skip:
            continue;
        }
        out[i]++;
    row:
    unused:;
    }
}

int main(void) {
    for (int i = 0; i < N; i++) {
        kind[i] = i * 7 % 5;
        out[i] = i % 4;
    }
    classes();
    tables();
    long sum = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < 8; j++)
            sum += twice[i][j] * (j + 1) + out[i];
    printf("%ld\n", sum);
    return 0;
}
