// mupac: --cpu-threshold 0
// A structure that holds an array is an object like an array: copied as a whole, reached by its own name.
struct field {
    double value[64][64];
    int steps;
};

static struct field now, next;

void relax(void) {
    for (int i = 1; i < 63; i++)
        for (int j = 1; j < 63; j++)
            next.value[i][j] = 0.25 * (now.value[i - 1][j] + now.value[i + 1][j] + now.value[i][j - 1] + now.value[i][j + 1]);
}
