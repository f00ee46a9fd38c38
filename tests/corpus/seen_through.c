/* Every call of the static functions is part of a loop that runs on the GPU: no kernel of theirs would ever be launched. */
static double field[64][512], next[64][512], weights[512];

static void advance(void);

static double relaxed(double own, double left, double right) {
    return own + 0.25 * (left - 2 * own + right);
}

static void advance(void) {
    for (int j = 0; j < 64; j++)
        for (int i = 1; i < 511; i++)
            next[j][i] = relaxed(field[j][i], field[j][i - 1], field[j][i + 1]);
}

static void exchange(double scale) {
    for (int j = 0; j < 64; j++)
        for (int i = 0; i < 512; i++)
            field[j][i] = scale * weights[i] * next[j][i];
}

static void step(double scale) {
    advance();
    exchange(scale);
}

void simulate(void) {
    for (int t = 0; t < 100; t++)
        step(0.5);
}
