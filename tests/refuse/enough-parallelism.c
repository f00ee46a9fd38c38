// mupac: -O0 --cpu-threshold 0
void fill(int a, int b, int c, int d, float image[16][16][16][16]) {
    for (int i = 0; i < 16; i++) //~ enough-parallelism: its kernel shares out other loops of the nest; each thread runs this one in order
        for (int j = 0; j < 16; j++)
            for (int k = 0; k < 16; k++)
                for (int l = 0; l < 16; l++)
                    image[i][j][k][l] = a * i + b * j + c * k + d * l;
}
