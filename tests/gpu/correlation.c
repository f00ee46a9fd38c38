/* How the columns of a table, which lies by rows, go together. */
#include <math.h>

void correlation(int rows, int columns, double *data, double *mean, double *deviation, double *result) {
    for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int i = 0; i < rows; i++)
            sum += data[i * columns + j];
        mean[j] = sum / rows;
    }
    for (int j = 0; j < columns; j++) {
        double sum = 0;
        for (int i = 0; i < rows; i++)
            sum += (data[i * columns + j] - mean[j]) * (data[i * columns + j] - mean[j]);
        deviation[j] = sqrt(sum / rows);
        if (deviation[j] <= 0.1)
            deviation[j] = 1.0;
    }
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            data[i * columns + j] = (data[i * columns + j] - mean[j]) / (sqrt((double)rows) * deviation[j]);
    for (int i = 0; i < columns; i++)
        for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int k = 0; k < rows; k++)
                sum += data[k * columns + i] * data[k * columns + j];
            result[i * columns + j] = sum;
        }
}
