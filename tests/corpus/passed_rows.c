// mupac: --cpu-threshold 0
/* Pointers inside of memory lead to rows, and text ends with a zero. */
#include <string.h>

void scale_first(int m, float **rows, float factor) {
    float *row = rows[0];
    for (int j = 0; j < m; j++)
        row[j] *= factor;
}

int occurrences(const char *text, char wanted) {
    int n = 0, length = (int)strlen(text);
    for (int i = 0; i < length; i++)
        n += text[i] == wanted;
    return n;
}
