// Particles in boxes of at most 64, each with those in the boxes around: how many there are in a box is data, and so is which
// boxes are neighbours. The host looks at the ends of what each box touches, not at pairs.
#define MOST 64
#define AROUND 4

double forces(int boxes, const int *restrict count, int (*restrict around)[AROUND], double (*restrict at)[3],
              double (*restrict force)[3], double *restrict energy, double cutoff) {
    double all = 0;
    for (int box = 0; box < boxes; box++) {
        int own = count[box];
        for (int side = 0; side < AROUND; side++) {
            int other = around[box][side];
            int others = count[other];
            for (int i = MOST * box; i < MOST * box + own; i++)
                for (int j = MOST * other; j < MOST * other + others; j++) {
                    double d[3], r2 = 0;
                    for (int k = 0; k < 3; k++) {
                        d[k] = at[i][k] - at[j][k];
                        r2 += d[k] * d[k];
                    }
                    if (r2 <= cutoff && r2 > 0) {
                        double r6 = 1 / (r2 * r2 * r2);
                        energy[i] += 0.5 * r6 * (r6 - 1);
                        all += 0.5 * r6 * (r6 - 1);
                        for (int k = 0; k < 3; k++) force[i][k] -= d[k] * r6 / r2;
                    }
                }
        }
    }
    return all;
}

void move(int boxes, const int *restrict count, double (*restrict at)[3], double (*restrict speed)[3], double time) {
    for (int box = 0; box < boxes; box++)
        for (int i = MOST * box; i < MOST * box + count[box]; i++)
            for (int k = 0; k < 3; k++) at[i][k] += time * speed[i][k];
}

// Who is fast enough is data, too.
void slow_down(int boxes, const int *restrict count, double *restrict speed, double limit) {
    for (int box = 0; box < boxes; box++)
        for (int i = MOST * box; i < MOST * box + count[box]; i++)
            if (speed[i] > limit) speed[i] = limit;
}

// A weight decides whether the quotient is there at all.
int chosen(int n, const int *restrict start, const float *restrict weight, const int *restrict a) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = start[i]; j < start[i + 1]; j++)
            if (weight[j] > 0.5f) sum += a[100 / j];
    return sum;
}
