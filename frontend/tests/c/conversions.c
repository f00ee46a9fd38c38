// Every implicit conversion of C becomes explicit.
#include <stdbool.h>
void conversions(char c, unsigned char uc, short s, unsigned short us, unsigned u, long l, unsigned long ul, float f, double d, bool b, int i) {
    i = c + uc;
    u = i + u;
    l = i + u;
    ul = l + ul;
    d = f * i;
    f = d;
    b = d;
    b = i && l;
    c += 1;
    us <<= l;
    s = -c;
    i = ~uc;
    i += d;
    b++;
    b--;
    uc--;
    f++;
    i = u < i;
    i = !f;
    d = b ? i : f;
    i = (unsigned char)l;
    l = i >> ul;
    l = i << 2u;
    i = sizeof(l) + 'a' + 1L;
    i = 0x7fffffff;
    u = 4294967295;
    d = 1e-3f + .5;
}
