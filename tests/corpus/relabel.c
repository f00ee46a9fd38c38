// mupac: --cpu-threshold 100
/* What an iteration reads before it is written may decide which elements it uses: nobody else writes there. */
void equalise(int n, const float *share, unsigned char *image) {
    for (int i = 0; i < n; i++) {
        unsigned char value = image[i];
        image[i] = (unsigned char)(share[value] * 255.0f);
    }
}

void relabel(int n, int *label, const int *leader) {
    for (int i = 0; i < n; i++)
        if (label[i] > 0)
            label[i] = leader[label[i]];
}
