/* Writes what llm.c trains a GPT-2 with: gpt2 MODEL TOKENS TOKENIZER LAYERS HEADS CHANNELS VOCABULARY.
   Weights and tokens are made by a generator of pseudo-random numbers. Source of the forms: gpt2_build_from_checkpoint,
   dataloader_load_shard_ and tokenizer_init of the repository. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER = 256, POSITIONS = 128, TOKENS = 8192 };

static uint64_t state = 1;

static uint32_t number(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 40);
}

static FILE *start(const char *path, const int32_t *header) {
    FILE *file = fopen(path, "wb");
    if (!file) exit(1);
    fwrite(header, sizeof *header, HEADER, file);
    return file;
}

/* Writes `count` numbers around `middle`. */
static void tensor(FILE *file, int64_t count, float middle, float width) {
    for (int64_t i = 0; i < count; i++) {
        float weight = middle + ((float)number() / 16777216.0f - 0.5f) * width;
        fwrite(&weight, sizeof weight, 1, file);
    }
}

static void model(const char *path, int layers, int heads, int channels, int vocabulary) {
    int padded = (vocabulary + 127) / 128 * 128;
    int32_t header[HEADER] = {20240326, 3, POSITIONS, vocabulary, layers, heads, channels, padded};
    FILE *file = start(path, header);
    int64_t vector = (int64_t)layers * channels, matrix = vector * channels;
    tensor(file, (int64_t)padded * channels, 0, 0.1f);
    tensor(file, (int64_t)POSITIONS * channels, 0, 0.05f);
    tensor(file, vector, 1, 0);
    tensor(file, vector, 0, 0);
    tensor(file, 3 * matrix, 0, 0.1f);
    tensor(file, 3 * vector, 0, 0);
    tensor(file, matrix, 0, 0.1f);
    tensor(file, vector, 0, 0);
    tensor(file, vector, 1, 0);
    tensor(file, vector, 0, 0);
    tensor(file, 4 * matrix, 0, 0.1f);
    tensor(file, 4 * vector, 0, 0);
    tensor(file, 4 * matrix, 0, 0.1f);
    tensor(file, vector, 0, 0);
    tensor(file, channels, 1, 0);
    tensor(file, channels, 0, 0);
    if (fclose(file)) exit(1);
}

static void tokens(const char *path, int vocabulary) {
    int32_t header[HEADER] = {20240520, 1, TOKENS};
    FILE *file = start(path, header);
    for (int i = 0; i < TOKENS; i++) {
        uint16_t token = (uint16_t)(number() % (uint32_t)vocabulary);
        fwrite(&token, sizeof token, 1, file);
    }
    if (fclose(file)) exit(1);
}

static void tokenizer(const char *path, int vocabulary) {
    int32_t header[HEADER] = {20240328, 2, vocabulary, vocabulary - 1};
    FILE *file = start(path, header);
    for (int i = 0; i < vocabulary; i++) {
        char word[16];
        int length = sprintf(word, "%d ", i);
        fputc(length, file);
        fwrite(word, 1, (size_t)length, file);
    }
    if (fclose(file)) exit(1);
}

int main(int argc, char **argv) {
    if (argc != 8) return 1;
    int vocabulary = atoi(argv[7]);
    model(argv[1], atoi(argv[4]), atoi(argv[5]), atoi(argv[6]), vocabulary);
    tokens(argv[2], vocabulary);
    tokenizer(argv[3], vocabulary);
    return 0;
}
