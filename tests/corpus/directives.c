/* A condition of the preprocessor stands between the loops, so each is a region of its own. */
#define MANY 9000
void fill(float *u, float *v) {
    for (int i = 0; i < MANY; i++)
        v[i] = u[i];
#ifdef MANY
    for (int i = 0; i < MANY; i++)
        u[i] = v[i] + 1.0f;
#endif
    for (int i = 0; i < MANY; i++)
        u[i] = v[i] * u[i];
}
