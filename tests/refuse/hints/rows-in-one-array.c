#include <math.h>
void thin(int height, int width, double **restrict image, double **restrict out) {
    for (int i = 0; i < height; i++) //~ unknown-extent: how far it reaches into image[2 * i] is not known
        //? keep all that these pointers lead to in one array, one after another
        for (int j = 0; j < width; j++)
            out[i][j] = exp(image[2 * i][j]);
}
//// as the hint says
#include <math.h>
void thin(int height, int width, const double *restrict image, double *restrict a) {
    for (int i = 0; i < height; i++) //~ kernel
        for (int j = 0; j < width; j++)
            a[i * width + j] = exp(image[2 * i * width + j]);
}
