__asm__(".globl mupac_nothing\nmupac_nothing:\n");
void f(int n, int *a) {
    for (int i = 0; i < n; i++) __asm__ volatile("incl %0" : "+m"(a[i]));
}
