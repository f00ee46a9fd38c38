// Lists that name elements by their subscripts, which C++ does not know.
// mupac: --cpu-threshold 100
#include <stdio.h>

enum kind { RED, GREEN, BLUE = 6 };
#define LAST 9

static const int weight[10] = {[RED] = 3, [GREEN] = 5, [BLUE] = 7, 8, [LAST] = 1};
static double start[3000] = {1, [5] = 2.5, 3};
static const int vowel[128] = {['a'] = 1, ['e'] = 1, [0x69] = 1};
static int table[4][3] = {[1] = {1, [2] = 4}, [3] = {7}};

int main(void) {
    double out[3000];
    for (int i = 0; i < 3000; i++) out[i] = start[i % 9] * weight[i % 10] + table[i % 4][i % 3] + vowel[i % 128];
    double sum = 0;
    for (int i = 0; i < 3000; i++) sum += out[i];
    printf("%g %s\n", sum, weight[2] ? "" : "none");
    return 0;
}
