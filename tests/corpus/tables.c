// mupac: --cpu-threshold 0
// Constant tables in subscripts: what they hold is known, so no pass looks at memory first.

enum { W = 40, H = 24, Q = 9 };

static const int cx[Q] = {0, 1, 0, -1, 0, 1, -1, -1, 1};
static const int cy[Q] = {0, 0, 1, 0, -1, 1, 1, -1, -1};
const unsigned char shift[4] = {0, 5, 9, 255};

// Every direction moves all cells by one: no two of them meet.
void stream(const double (*restrict f)[H][Q], double (*restrict g)[H][Q]) {
    for (int x = 0; x < W; x++)
        for (int y = 0; y < H; y++)
            for (int q = 0; q < Q; q++) g[(x + cx[q] + W) % W][(y + cy[q] + H) % H][q] = f[x][y][q];
}

// Without the direction as a subscript they do.
void pile(const double (*restrict f)[H][Q], double (*restrict g)[H]) {
    for (int x = 0; x < W; x++)
        for (int y = 0; y < H; y++)
            for (int q = 0; q < Q; q++) g[(x + cx[q] + W) % W][(y + cy[q] + H) % H] = f[x][y][q];
}

// A local that nobody changes is as good as one that is `const`.
void neighbours(const double *a, double *restrict b, int n) {
    int d[4][2] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
    for (int i = 1; i < n - 1; i++)
        for (int j = 1; j < n - 1; j++) {
            double s = 0;
            for (int k = 0; k < 4; k++) s += a[(i + d[k][0]) * n + j + d[k][1]];
            b[i * n + j] = .25 * s;
        }
}

// Strides of 16 keep offsets below 16 apart, strides of 4 do not.
void spread(int *restrict out, int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) out[16 * i + shift[k]] = i + k;
}

void overlap(int *restrict out, int n) {
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) out[4 * i + shift[k]] = i * k;
}

// Where the table ends, the condition says that it is not read.
void beyond(int *restrict out, int n) {
    static const int jump[3] = {2, 0, 1};
    for (int i = 0; i < n; i++) out[3 * (i / 3) + (i % 3 < 2 ? jump[i % 3] : 1)] = i;
}

// These change.
static int last(int *at) { return at[1] = 7; }

void changed(int *restrict out, int n) {
    int step[2] = {0, 1};
    for (int i = 0; i < n; i++) out[2 * i + step[i % 2]] = i;
    step[1] = 0;
    for (int i = 0; i < n; i++) out[i + step[i % 2]] += i;
}

void handed_on(int *restrict out, int n) {
    int step[2] = {0, 1};
    int most = last(step);
    for (int i = 0; i < n; i++) out[8 * i + step[i % 2]] = i + most;
}
