/* Members of enumerations get computed numbers, which C++ does not convert. */
// mupac: --cpu-threshold 0
enum color { RED, GREEN, BLUE };
typedef enum { LOW, HIGH } level;
struct cell { enum color c; level l; int n; enum color more[2]; };
void paint(int n, struct cell *s, const int *in) {
    for (int i = 0; i < n; i++) {
        s[i].c = in[i] & 1;
        s[i].l = in[i] > 3 ? HIGH : LOW;
        s[i].n += s[i].c;
        s[i].more[1] = (in[i] >> 1) & 1;
    }
}
void mix(int n, enum color *c, const int *in) {
    for (int i = 0; i < n; i++) c[i] = in[i] & 1;
}
void both(int n, struct cell *s, const int *in) {
    for (int i = 0; i < n; i++) {
        struct cell x = { in[i] & 1, LOW, 3, { RED, BLUE } };
        x.n += i;
        s[i] = x;
    }
}
