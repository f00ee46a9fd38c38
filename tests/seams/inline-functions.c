/* `static inline`, and `inline` with an external definition of the same file. */
#include <stdio.h>

static inline int one(void) { return 1; }
inline int two(void) { return 2; }
extern inline int two(void);
extern inline int three(void) { return 3; }
static inline int counted(void) { static int n; return ++n; }
inline static int four(void);
static int four(void) { return 4; }

int main(void) { printf("%d %d %d %d %d %d\n", one(), two(), three(), counted(), counted(), four()); }
