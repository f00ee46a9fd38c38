// mupac: --cpu-threshold 0
/* Names that C++ or CUDA takes, in the type of a row whose length the caller says. */
void fill(unsigned warpSize, int (*new)[warpSize], int blockDim, float template[][blockDim]) {
    for (int i = 0; i < 20; i++)
        for (unsigned j = 0; j < warpSize; j++)
            new[i][j] = (int)(i + j);
    for (int i = 0; i < 20; i++)
        for (int j = 0; j < blockDim; j++)
            template[i][j] *= 0.5f;
}
