/* Calls of these functions remain in the host's text, by name, by a macro and by an address, so they keep their kernels. */
#define CLEAR clear()
static double field[64][4096], sums[64][4096], marks[64][4096];

static void add(void) {
    for (int j = 0; j < 64; j++)
        for (int i = 0; i < 4096; i++)
            sums[j][i] = sums[j][i] / (1.0 + field[j][i] * field[j][i]);
}

static void clear(void) {
    for (int j = 0; j < 64; j++)
        for (int i = 0; i < 4096; i++)
            field[j][i] = 1.0 / (2.0 + j * field[j][i]);
}

static void mark(void) {
    for (int j = 0; j < 64; j++)
        for (int i = 0; i < 4096; i++)
            marks[j][i] = marks[j][i] / (3.0 + sums[j][i] * i);
}

void simulate(void) {
    for (int t = 0; t < 100; t++) {
        add();
        clear();
        mark();
    }
}

void finish(void (**hook)(void)) {
    add();
    CLEAR;
    *hook = mark;
}
