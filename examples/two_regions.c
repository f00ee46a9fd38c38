/* Fills an image with a pattern, blurs each row against the next one, and prints a few points and a checksum. */
#include <stdio.h>

#define ROWS 300
#define COLUMNS 500

static float image[ROWS][COLUMNS];
static float blurred[ROWS][COLUMNS];
static float weight[ROWS];

int main(void) {
    for (int i = 0; i < ROWS; i++)
        weight[i] = 1.0f / (i + 1);

    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            image[i][j] = (i * 31 + j * 17) % 97;

    for (int i = 0; i < ROWS - 1; i++)
        for (int j = 0; j < COLUMNS - 1; j++)
            blurred[i][j] = weight[i] * (image[i][j] + image[i + 1][j] + image[i][j + 1]);

    double sum = 0;
    for (int i = 0; i < ROWS; i++)          /* a sum whose order matters: stays sequential */
        for (int j = 0; j < COLUMNS; j++)
            sum += blurred[i][j];

    for (int i = 0; i < ROWS; i += 100)
        printf("blurred[%d][7] = %.6f\n", i, blurred[i][7]);
    printf("sum %.9e\n", sum);
    return 0;
}
