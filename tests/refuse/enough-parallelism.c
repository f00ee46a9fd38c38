// mupac: --cpu-threshold 0
void fill(int a, int b, int c, int d, float image[64][64][64][64]) {
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++)
            for (int k = 0; k < 64; k++)
                for (int l = 0; l < 64; l++) //~ enough-parallelism: each thread runs it in order
                    image[i][j][k][l] = a * i + b * j + c * k + d * l;
}
