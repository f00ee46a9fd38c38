/* What one kernel leaves in a variable of a host loop's body, the next kernel would not find. */
void one_of_many(int n, int steps, float *restrict c, const float *restrict d) {
    for (int t = 0; t < steps; t++) {
        float pivot = 1;
        for (int i = 0; i < n; i++)
            if (i == 3)
                pivot = c[i] + d[i];
        for (int i = 1; i < n; i++)
            c[i] = 0.5f * c[i] + 0.25f * pivot * d[i] + 2.0f;
    }
}

void a_loop_of_one(int n, int steps, float *restrict c, const float *restrict d) {
    for (int t = 0; t < steps; t++) {
        float pivot;
        for (int i = 3; i < 4; i++)
            pivot = c[i] + d[i];
        for (int i = 1; i < n; i++)
            c[i] = 0.5f * c[i] + 0.25f * pivot * d[i] + 2.0f;
    }
}

/* Each iteration writes its own first, in both kernels; and a sum goes from one to the next by the host. */
void of_each_iteration(int n, int steps, float *restrict c, const float *restrict d) {
    for (int t = 0; t < steps; t++) {
        float own, sum = 0;
        for (int i = 0; i < n; i++) {
            own = c[i] + d[i];
            sum += own * own;
        }
        for (int i = 1; i < n; i++) {
            own = c[i] - d[i];
            c[i] = own / sum;
        }
    }
}
