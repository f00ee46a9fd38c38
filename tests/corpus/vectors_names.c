// mupac: region scale:11
// mupac: step vectorize i 4 64 -> i.o i.i i.v
// mupac: step bind i.o block.x
// mupac: step bind i.i thread.x
/* Names of the file that are types of CUDA are none in its kernels. */
#define uchar4 0.5f
static float int4(float x) {
    return x * uchar4;
}
void scale(int n, const float *float4, float *y, const unsigned char *z, float int2) {
    for (int i = 0; i < n; i++)
        y[i] = int4(float4[i]) + z[i] * int2;
}
