/* Narrow and unsigned types, with the conversions of C. */
void mix(int n, unsigned char *bytes, const short *shorts, unsigned mask) {
    for (int i = 0; i < n; i++)
        bytes[i] = (bytes[i] + shorts[i]) & mask;
}
