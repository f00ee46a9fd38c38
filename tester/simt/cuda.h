// The same declarations under another of their names.
#include "cuda_runtime.h"
