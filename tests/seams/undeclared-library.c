/* The program calls functions of C's library without their headers. */
double root(double x) { return sqrt(x) + abs(-3); }

int main(void) {
    printf("%.3f %d\n", root(2), (int)strlen("text"));
    return 0;
}
