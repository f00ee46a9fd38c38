/* Writes so many numbers of a ramp between two values, a line each: numbers COUNT LOW HIGH. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    if (argc != 4) return 1;
    long count = atol(argv[1]);
    double low = atof(argv[2]), high = atof(argv[3]);
    for (long i = 0; i < count; i++) printf("%f\n", low + (high - low) * (double)(i * 7919 % count) / (double)count);
    return 0;
}
