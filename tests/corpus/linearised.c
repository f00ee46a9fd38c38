// Rows and planes in one block of memory: a shape is guessed from the subscripts, and guards bear it out.
void transpose(int rows, int columns, const float *restrict from, float *restrict to) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++) {
            int at = i * columns + j;
            to[j * rows + i] = from[at];
        }
}

void scale_rows(int rows, int used, int pitch, float *a) {
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < used; j++)
            a[i * pitch + j] *= 2.0f;
}
