// Nothing includes <math.h>, and the range that is copied may start below the first element of a row.
void border(int height, int width, int pad, const float *restrict from, float *restrict to) {
    for (int i = 0; i < height; i++)
        for (int j = 0; j < width; j++)
            if (i >= pad && j >= pad)
                to[i * width + j] = from[(i - pad) * width + (j - pad)];
            else
                to[i * width + j] = 0.0f;
}
