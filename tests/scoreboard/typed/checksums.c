#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
static uint32_t table[256];
static void init(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
}
void crc_all(const uint8_t *buf, size_t blk, size_t n, uint32_t *out) {
    for (size_t i = 0; i < n; i++) {
        uint32_t c = 0xFFFFFFFFu;
        for (size_t j = 0; j < blk; j++) c = table[(c ^ buf[i * blk + j]) & 0xFF] ^ (c >> 8);
        out[i] = ~c;
    }
}
int main(void) {
    size_t n = 4096, blk = 512;
    uint8_t *b = malloc(n * blk);
    uint32_t *o = malloc(n * 4);
    for (size_t i = 0; i < n * blk; i++) b[i] = i * 31 >> 3;
    init();
    crc_all(b, blk, n, o);
    uint32_t x = 0;
    for (size_t i = 0; i < n; i++) x ^= o[i];
    printf("%08x\n", x);
}
