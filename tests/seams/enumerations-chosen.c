/* Of two values of an enumeration C makes an integer, and C++ one of the enumeration. */
#include <stdio.h>

enum mode { OFF, SLOW = 3, FAST = 7 };
enum way { BACK = -1, AHEAD = 1 };
typedef struct { enum mode mode; enum way way; } state;

static enum mode next(const state *s, int up) { return up ? FAST : (s ? s->mode : OFF); }
static enum way turned(enum way way) { return way == AHEAD ? BACK : AHEAD; }
#define RETURN_CHOSEN(last) return (last) ? SLOW : OFF
static enum mode ended(int last) { RETURN_CHOSEN(last); }
static void set(enum mode *to, enum mode mode) { *to = mode; }

int main(void) {
    state s = { SLOW, BACK };
    enum mode m;
    for (int i = 0; i < 4; i++) {
        set(&m, i & 1 ? FAST : SLOW);
        long wide = i & 1 ? s.mode : OFF;
        long way = i & 2 ? s.way : AHEAD;
        printf("%d %d %d %d %ld %ld\n", next(i & 2 ? &s : NULL, i & 1), turned(s.way), ended(i), m, wide, way);
        printf("%zu %u\n", sizeof(i ? s.mode : OFF), 1u << (i ? s.mode : OFF));
    }
    return 0;
}
