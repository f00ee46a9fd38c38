// nothing
/* at all */
#define NOTHING
