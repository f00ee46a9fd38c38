// mupac: --cpu-threshold 0
// Tables that a helper keeps, `static const`: each copy of its statements has its own, and no two calls meet in them.

enum { W = 48, H = 20 };

static int cells[H][W], counts[H][W], heap[H * W * 4];

static int neighbours(int x, int y) {
    static const int dx[8] = {-1, 0, 1, -1, 1, -1, 0, 1}, dy[8] = {-1, -1, -1, 0, 0, 1, 1, 1};
    int c = 0;
    for (int k = 0; k < 8; k++) c += cells[(y + dy[k] + H) % H][(x + dx[k] + W) % W];
    return c;
}

void count(void) {
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) counts[y][x] = neighbours(x, y);
}

static double polynomial(double x) {
    static const double c[5] = {1, -.5, 1. / 3, -.25, .2};
    static const float scale = 1.5f;
    double s = 0;
    for (int k = 4; k >= 0; k--) s = s * x + c[k];
    return s * scale;
}

void evaluate(const double *restrict x, double *restrict y, int n) {
    for (int i = 0; i < n; i++) y[i] = polynomial(x[i]);
}

// Where it writes is what the table says: four places of its own for every call.
static void drop(int at, int value) {
    static const unsigned char place[4] = {2, 0, 3, 1};
    for (int k = 0; k < 4; k++) heap[4 * at + place[k]] = value + k;
}

void drops(int n) {
    for (int i = 0; i < n && i < H * W; i++) drop(i, 3 * i);
}

// Two of its places are one.
static void pile(int at, int value) {
    static const unsigned char place[4] = {2, 0, 4, 1};
    for (int k = 0; k < 4; k++) heap[4 * at + place[k]] = value + k;
}

void piles(int n) {
    for (int i = 0; i < n && i < H * W - 1; i++) pile(i, 3 * i);
}

// This one changes.
static int next(int x) {
    static int last[2] = {3, 5};
    last[x & 1] += x;
    return last[x & 1];
}

void follow(int *restrict a, int n) {
    for (int i = 0; i < n; i++) a[i] = next(i);
}
