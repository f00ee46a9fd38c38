static double factor = 2.0;
static int count;
double table[100];

void scale(void) {
    for (int i = 0; i < count && i < 100; i++) table[i] = table[i] * factor;
}
