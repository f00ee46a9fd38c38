/* Writes a checkpoint of llama2.c (version 0 of its form) of the sizes of stories15M, with weights that a generator of
   pseudo-random numbers makes: checkpoint FILE. Source of the form: the configuration and the order of weights in run.c. */
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv) {
    int32_t dim = 288, hidden = 768, layers = 6, heads = 6, vocabulary = 32000, positions = 256;
    int32_t sizes[] = {dim, hidden, layers, heads, heads, vocabulary, positions};
    int64_t each = 2 * (int64_t)dim + 4 * (int64_t)dim * dim + 3 * (int64_t)dim * hidden;
    int64_t weights = (int64_t)vocabulary * dim + layers * each + dim + (int64_t)positions * (dim / heads);
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    uint64_t state = 1;
    if (!file) return 1;
    fwrite(sizes, sizeof sizes, 1, file);
    for (int64_t i = 0; i < weights; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        float weight = ((float)(state >> 40) / 16777216.0f - 0.5f) * 0.1f;
        fwrite(&weight, sizeof weight, 1, file);
    }
    return fclose(file) != 0;
}
