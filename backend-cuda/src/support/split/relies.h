/* What the translation relies on is checked wherever this part is compiled: translate again where it is not so. */
#define mupac_relies_on(condition) ((void)sizeof(char[(condition) ? 1 : -1]))
#define mupac_layout(number, condition) extern char mupac_layout_##number[(condition) ? 1 : -1]
