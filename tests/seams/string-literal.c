/* String literals are arrays of `char` in C, of `const char` in C++. */
#include <stdio.h>
#include <string.h>

struct named { char *name; int n; };
static struct named table[] = { { "one", 1 }, { "two", 2 } };
static char *words[] = { "a", "b" };
static void take(char *s) { fputs(s, stdout); }

int main(void) {
    char *p = "text";
    char *q;
    q = "other";
    char t[] = "abc";
    t[0] = 'x';
    take("taken ");
    puts(__func__);
    char *f = (char *)__func__;
    const char *g = "a" "b";
    printf("%s %s %s %s %s %zu %zu %s %s\n", p, q, t, table[1].name, words[1], sizeof "abc", sizeof t, f, g);
    printf("%s\n", 1 ? p : "never");
}
