/* The inner loop walks down a column: interchanged, neighbouring threads take neighbouring elements. */
void add(int n, float to[][512], float from[][512]) {
    for (int j = 0; j < 512; j++)
        for (int i = 0; i < n; i++)
            to[i][j] += from[i][j];
}
