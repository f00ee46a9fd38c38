#include <math.h>
void thin(int height, int width, const int *restrict order, double **restrict image, double **restrict out) {
    for (int i = 0; i < height; i++) //~ unknown-extent: how far it reaches into image[order[i]] is not known
        //? keep all that these pointers lead to in one array, one after another
        for (int j = 0; j < width; j++)
            out[i][j] = exp(image[order[i]][j]);
}
//// as the hint says
#include <math.h>
void thin(int height, int width, int rows, const int *restrict order, const double image[restrict rows][width],
          double *restrict a) {
    for (int i = 0; i < height; i++) //~ kernel
        for (int j = 0; j < width; j++)
            a[i * width + j] = exp(image[order[i]][j]);
}
