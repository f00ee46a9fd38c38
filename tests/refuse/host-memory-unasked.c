// mupac: --memory=device
void memcpy(unsigned char *to, const unsigned char *from, unsigned long n) {
    for (unsigned long i = 0; i < n; i++) //~ host-memory: compilers and the system call memcpy with memory of the host
        to[i] = from[i];
}

struct big {
    float x[100];
};

void copied_by_memcpy(struct big *to, const struct big *from) { *to = *from; }
