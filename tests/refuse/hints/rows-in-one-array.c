void flip(int height, int width, double **restrict image, double **restrict out) {
    for (int i = 0; i < height; i++) //~ unknown-extent: how far it reaches into out[height - 1 - i] is not known
        //? keep all that these pointers lead to in one array, one after another
        for (int j = 0; j < width; j++)
            out[height - 1 - i][j] = image[i][j];
}
//// as the hint says
void flip(int height, int width, const double *restrict a, double *restrict out) {
    for (int i = 0; i < height; i++) //~ kernel
        for (int j = 0; j < width; j++)
            out[(height - 1 - i) * width + j] = a[i * width + j];
}
