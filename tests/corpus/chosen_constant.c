/* Threads that execute together read the same coefficient: the choice passes the table by value. */
static const float weights[5][5] = {
    {1, 2, 3, 2, 1}, {2, 4, 6, 4, 2}, {3, 6, 9, 6, 3}, {2, 4, 6, 4, 2}, {1, 2, 3, 2, 1}};
void blur(int n, int m, float y[n][m], const float x[n + 4][m + 4]) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < m; j++) {
            float s = 0;
            for (int a = 0; a < 5; a++)
                for (int b = 0; b < 5; b++) s += weights[a][b] * x[i + a][j + b];
            y[i][j] = s;
        }
}
