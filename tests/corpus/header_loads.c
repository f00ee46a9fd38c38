// mupac: --cpu-threshold 100
int grid_points[3];
double u[24][24][24];

// The shape of the initialisation in NPB SP: sizes in a global array, a nest of three loops.
void initialize(double start) {
    for (int k = 0; k <= grid_points[2] - 1; k++)
        for (int j = 0; j <= grid_points[1] - 1; j++)
            for (int i = 0; i <= grid_points[0] - 1; i++)
                u[k][j][i] = start;
}
