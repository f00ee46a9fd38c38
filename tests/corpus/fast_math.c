// mupac: --cpu-threshold 0 -ffast-math
// A compiler may round such a division otherwise in the original than in a kernel; tests compare what C says.
#include <math.h>

void binarize(const float *input, int n, int size, float *binary) {
    for (int s = 0; s < size; ++s) {
        float mean = 0;
        for (int i = 0; i < n; ++i) mean += fabs(input[i * size + s]);
        mean = mean / n;
        for (int i = 0; i < n; ++i) binary[i * size + s] = input[i * size + s] > 0 ? mean : -mean;
    }
}
