/* Macros of the file reach what a test adds behind it. */
#define offset 3
#define scalar float
#define value 7
#define first 0
#define count 5
#define number n
#define probe 1
#define T 3
void f(int n, const scalar *restrict a, scalar *restrict b) {
    for (int i = first; i < number; i++)
        b[i] = a[i] * value;
}
