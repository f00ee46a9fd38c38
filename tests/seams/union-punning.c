/* A union read through another member than was written (C17 6.5.2.3, footnote 97). */
#include <stdint.h>
#include <stdio.h>

union bits { float f; uint32_t u; unsigned char c[4]; };

static uint32_t of(float f) { union bits b; b.f = f; return b.u; }
static float next(float f) { union bits b = { .f = f }; b.u++; return b.f; }

int main(void) {
    union { double d; uint64_t u; struct { uint32_t low, high; } s; } d;
    d.d = 1.5;
    uint64_t sum = 0;
    for (int i = 0; i < 100; i++) { d.u += 1; sum += d.s.low; }
    printf("%08x %a %llx %llu %u\n", of(1.0f), next(1.0f), (unsigned long long)d.u, (unsigned long long)sum, ((union bits){ .f = 2 }).c[3]);
}
