// mupac: --cpu-threshold 100
/* Unsigned products wrap, so a guard shows that they do not. */
void every(float *to, const float *from, unsigned n, unsigned factor) {
    for (int i = 0; i < n; i++) {
        unsigned at = i * factor;
        to[i] = from[at];
    }
}

void transpose(unsigned rows, unsigned columns, float *to, const float *from) {
    for (unsigned i = 0; i < rows; i++)
        for (unsigned j = 0; j < columns; j++)
            to[j * rows + i] = from[i * columns + j];
}
