// mupac: --cpu-threshold 0
static int w[32][64], x[64], y[32];

static void weigh(void) {
    for (int j = 0; j < 32; j++) {
        int s = 0;
        for (int i = 0; i < 64; i++)
            s += w[j][i] * x[i];
        y[j] = s;
    }
}

static int scaled(int each) {
    return each / 2;
}

static void shrink(void) {
    for (int j = 0; j < 32; j++) //~ seen-through: it runs as part of the loops that call shrink
        x[j] = scaled(y[j]);
}

void learn(void) {
    for (int t = 0; t < 4; t++) { //~ carried-dependence
        weigh();
        shrink();
    }
}
