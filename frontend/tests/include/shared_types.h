#include <stddef.h>
struct item { int private; size_t count; };
typedef enum { false, true } bool;
