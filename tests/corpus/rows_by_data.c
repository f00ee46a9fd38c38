// mupac: --cpu-threshold 0
// Rows that lie where data say: a pass of the host shows that no iteration writes what another one uses.
#include <math.h>

void scaled(int n, const int *start, double *value, const double *by) {
    for (int i = 0; i < n; i++)
        for (int k = start[i]; k < start[i + 1]; k++) value[k] *= by[i];
}

void numbered(int n, const int *start, int *row) {
    for (int i = 0; i < n; i++)
        for (int k = start[i]; k < start[i + 1]; k++) row[k] = i;
}

// Several loops over each row, and conditions on what it holds.
void softmax(int n, const int *start, double *value) {
    for (int i = 0; i < n; i++) {
        double most = -1e30, sum = 0;
        for (int k = start[i]; k < start[i + 1]; k++)
            if (value[k] > most) most = value[k];
        for (int k = start[i]; k < start[i + 1]; k++) {
            value[k] = value[k] - most;
            sum += value[k];
        }
        for (int k = start[i]; k < start[i + 1]; k++) value[k] = value[k] / (sum - 1);
    }
}

// Ends that overlap keep it on the host.
void smeared(int n, const int *first, const int *last, double *value) {
    for (int i = 0; i < n; i++)
        for (int k = first[i]; k < last[i]; k++) value[k] = value[k] * 0.5 + i;
}

// One element of each row by data: the gradient of a cross entropy.
void gradient(int n, int classes, float *restrict dy, const int *restrict label) {
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < classes; c++) dy[i * classes + c] *= 0.5f;
        dy[i * classes + label[i]] -= 1;
    }
}

void gradient_of_ten(int n, float *restrict dy, const int *restrict label) {
    for (int i = 0; i < n; i++) {
        for (int c = 0; c < 10; c++) dy[i * 10 + c] *= 0.5f;
        dy[i * 10 + label[i]] -= 1;
    }
}

// Windows overlap, and nothing writes what they read.
void energies(const double *x, double *e, int frames, int hop, int window) {
    for (int f = 0; f < frames; f++) {
        double s = 0;
        for (int i = 0; i < window; i++) s += x[f * hop + i] * x[f * hop + i];
        e[f] = s;
    }
}

void filtered(const float *x, const float *w, float *y, int n, int taps, int stride) {
    for (int o = 0; o < n; o++) {
        float s = 0;
        for (int k = 0; k < taps; k++) s += w[k] * x[o * stride + k];
        y[o] = s;
    }
}

// In place, they do not.
void in_place(double *x, int frames, int hop, int window) {
    for (int f = 0; f < frames; f++)
        for (int i = 0; i < window; i++) x[f * hop + i] = x[f * hop + i] * 0.5 + f;
}
