/* Two nested loops over rows of constant length. */
void scale(int rows, double factor, double image[][640]) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < 640; j++)
            image[i][j] *= factor;
}
