// mupac: --memory=device
void called_by_assembler(int n, float *x) {
    for (int i = 0; i < n; i++) //~ host-memory: this file itself holds assembler, which may call called_by_assembler with memory of the host
        x[i] *= 2;
}

void other(int n, float *x);
__asm__(".globl other\nother: jmp called_by_" "assembler");

float all(void) {
    float own[3] = {1, 2, 3};
    other(3, own);
    return own[2];
}
