/* Two counters that meet. */
// mupac: --cpu-threshold 0
void reverse(double *a, int n) {
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        double t = a[i];
        a[i] = a[j];
        a[j] = t;
    }
}
void between(int *a, int low, int high) {
    while (low < high) {
        int t = a[low];
        a[low] = a[high];
        a[high] = t;
        low++;
        high--;
    }
}
int mirrored(const char *text, int n) {
    int same = 0, i, j;
    for (i = 0, j = n - 1; i <= j; ++i, --j) same += text[i] == text[j];
    return same;
}
void flip(unsigned char *image, int width, int height) {
    for (int top = 0, bottom = height - 1; top < bottom; top++, bottom--)
        for (int x = 0; x < width; x++) {
            unsigned char t = image[top * width + x];
            image[top * width + x] = image[bottom * width + x];
            image[bottom * width + x] = t;
        }
}
void carried(int *a, int n) {
    for (int i = 0, j = n - 1; i < j; i++, j--) a[i] = a[j] + a[i + 1];
}
