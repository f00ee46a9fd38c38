#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
void encipher(unsigned int num_rounds, uint32_t v[2], uint32_t const key[4]) {
    unsigned int i;
    uint32_t v0 = v[0], v1 = v[1], sum = 0, delta = 0x9E3779B9;
    for (i = 0; i < num_rounds; i++) {
        v0 += (((v1 << 4) ^ (v1 >> 5)) + v1) ^ (sum + key[sum & 3]);
        sum += delta;
        v1 += (((v0 << 4) ^ (v0 >> 5)) + v0) ^ (sum + key[(sum >> 11) & 3]);
    }
    v[0] = v0; v[1] = v1;
}
int main(void) {
    uint32_t key[4] = {1, 2, 3, 4};
    size_t blocks = 1 << 18;
    uint32_t *data = malloc(blocks * 8);
    for (size_t i = 0; i < 2 * blocks; i++) data[i] = (uint32_t)i;
    for (size_t b = 0; b < blocks; b++) encipher(32, &data[2 * b], key);
    uint32_t x = 0;
    for (size_t i = 0; i < 2 * blocks; i++) x ^= data[i];
    printf("%08x\n", x);
    free(data);
}
