void double_on(int m, float *row, const float *b) {
    for (int j = 0; j < m; j++) row[j] = 2 * b[j];
}
